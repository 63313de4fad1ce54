using Envoy.Service.Discovery.V3;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Ads;

/// <summary>A call together with the channel that only it uses.</summary>
internal sealed class GrpcDeltaAdsStream(GrpcChannel channel, GrpcDuplexCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call) : IDeltaAdsStream
{
    public Task WriteAsync(DeltaDiscoveryRequest request, CancellationToken cancellationToken) => call.WriteAsync(request, cancellationToken);

    public Task<DeltaDiscoveryResponse?> ReadAsync(CancellationToken cancellationToken) => call.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await call.DisposeAsync().ConfigureAwait(false);
        channel.Dispose();
    }
}
