using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.LoadReports;

/// <summary>The way of calls that go to one endpoint whatever the balancer thinks.</summary>
internal sealed class EndpointHandler(Endpoint endpoint) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        endpoint.SendAsync(request, cancellationToken);
}
