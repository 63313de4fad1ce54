using Envoy.Service.Discovery.V3;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>Delta.</summary>
internal sealed class DeltaWire(IDeltaAdsStream stream) : IAdsWire
{
    public Task WriteAsync(IMessage request, CancellationToken cancellationToken) => stream.WriteAsync((DeltaDiscoveryRequest)request, cancellationToken);

    public async Task<AdsResponse?> ReadAsync(CancellationToken cancellationToken) =>
        await stream.ReadAsync(cancellationToken).ConfigureAwait(false) is { } response
            ? new(response, response.TypeUrl, response.SystemVersionInfo, response.Resources.Count)
            : null;

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
