using Envoy.Service.Discovery.V3;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Ads;

/// <summary>A call together with the channel that only it uses.</summary>
internal sealed class GrpcAdsStream(GrpcChannel channel, GrpcDuplexCall<DiscoveryRequest, DiscoveryResponse> call) : IAdsStream
{
    public Task WriteAsync(DiscoveryRequest request, CancellationToken cancellationToken) => call.WriteAsync(request, cancellationToken);

    public Task<DiscoveryResponse?> ReadAsync(CancellationToken cancellationToken) => call.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await call.DisposeAsync().ConfigureAwait(false);
        channel.Dispose();
    }
}
