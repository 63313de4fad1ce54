using ProxylessMesh.Server;

namespace Microsoft.AspNetCore.Http;

/// <summary>The mesh's view of a request.</summary>
public static class MeshHttpContextExtensions
{
    /// <summary>
    /// The workload that called, or null: the connection is plaintext, its port is not one of the mesh, or the mesh is off.
    /// Costs nothing; the certificate was verified when the connection was made.
    /// </summary>
    public static MeshPeer? GetMeshPeer(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<IMeshPeerFeature>()?.Peer;
    }
}
