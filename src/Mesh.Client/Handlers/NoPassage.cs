using System.Net;
using ProxylessMesh.Client.Outcomes;

namespace ProxylessMesh.Client.Handlers;

/// <summary>Where an app calls a stranger without the mesh, a gateway calls nobody: it would be an open proxy.</summary>
internal sealed class NoPassage : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(LocalReply.Create(
            request, HttpStatusCode.ServiceUnavailable, new MeshOutcome(ResponseFlags.InvalidConfiguration, null, null, null, 0, "the gateway has no routes for this port")));
}
