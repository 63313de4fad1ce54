using Envoy.Service.Discovery.V3;

namespace ProxylessMesh.Xds.Ads;

/// <summary>One DeltaAggregatedResources call. One writer and one reader at a time; the two may work at once. Dispose ends it.</summary>
internal interface IDeltaAdsStream : IAsyncDisposable
{
    /// <summary>Completes when the message has been handed to a connected server.</summary>
    Task WriteAsync(DeltaDiscoveryRequest request, CancellationToken cancellationToken);

    /// <summary>The next response, or null when the server ended the stream with OK.</summary>
    Task<DeltaDiscoveryResponse?> ReadAsync(CancellationToken cancellationToken);
}
