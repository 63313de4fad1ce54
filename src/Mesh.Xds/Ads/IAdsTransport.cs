using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Xds.Ads;

/// <summary>A way to one xDS server.</summary>
internal interface IAdsTransport : IAsyncDisposable
{
    /// <summary>For logs and error sentences: <c>https://localhost:15012</c>.</summary>
    string Name { get; }

    /// <summary>What the server is said to do, from its <c>server_features</c>.</summary>
    XdsServerFeatures Features { get; }

    /// <summary>Which variant of the protocol to speak.</summary>
    AdsVariant Variant => AdsVariant.StateOfTheWorld;

    /// <summary>Starts a stream on a connection of its own; need not wait for the server.</summary>
    Task<IAdsStream> OpenAsync(CancellationToken cancellationToken);

    /// <summary>As <see cref="OpenAsync"/>, for a <see cref="Variant"/> with delta.</summary>
    Task<IDeltaAdsStream> OpenDeltaAsync(CancellationToken cancellationToken) =>
        Task.FromException<IDeltaAdsStream>(new NotSupportedException("This way leads to state of the world only."));

    /// <summary>As <see cref="OpenAsync"/>, for load reports.</summary>
    Task<ILoadStatsStream> OpenLoadStatsAsync(CancellationToken cancellationToken) =>
        Task.FromException<ILoadStatsStream>(new NotSupportedException("This way takes no load reports."));
}
