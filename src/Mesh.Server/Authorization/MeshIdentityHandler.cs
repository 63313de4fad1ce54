using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Hosting;

namespace ProxylessMesh.Server.Authorization;

/// <summary>Looks at the connection's certificate: claims can be made by whoever makes a principal.</summary>
internal sealed class MeshIdentityHandler(IHttpContextAccessor contexts, IInboundMesh mesh) : AuthorizationHandler<MeshIdentityRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, MeshIdentityRequirement requirement)
    {
        var http = context.Resource as HttpContext ?? contexts.HttpContext;
        if (mesh.Enabled && http?.GetMeshPeer() is { } peer && requirement.Admits(peer.Name))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
