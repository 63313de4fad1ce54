using Envoy.Service.Discovery.V3;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>State of the world.</summary>
internal sealed class SotwWire(IAdsStream stream) : IAdsWire
{
    public Task WriteAsync(IMessage request, CancellationToken cancellationToken) => stream.WriteAsync((DiscoveryRequest)request, cancellationToken);

    public async Task<AdsResponse?> ReadAsync(CancellationToken cancellationToken) =>
        await stream.ReadAsync(cancellationToken).ConfigureAwait(false) is { } response
            ? new(response, response.TypeUrl, response.VersionInfo, response.Resources.Count)
            : null;

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
