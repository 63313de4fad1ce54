using Envoy.Service.Discovery.V3;

namespace ProxylessMesh.Xds.Ads;

/// <summary>One StreamAggregatedResources call. One writer and one reader at a time; the two may work at once. Dispose ends it.</summary>
internal interface IAdsStream : IAsyncDisposable
{
    /// <summary>Completes when the message has been handed to a connected server.</summary>
    Task WriteAsync(DiscoveryRequest request, CancellationToken cancellationToken);

    /// <summary>The next response, or null when the server ended the stream with OK.</summary>
    Task<DiscoveryResponse?> ReadAsync(CancellationToken cancellationToken);
}
