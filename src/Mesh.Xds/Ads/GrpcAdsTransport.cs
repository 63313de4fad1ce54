using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// ADS over gRPC. Every stream gets a channel of its own, so that a reconnect dials anew and presents the certificate and
/// token of that moment.
/// </summary>
/// <param name="name">For logs: the server's address.</param>
/// <param name="features">The server's features.</param>
/// <param name="connect">Makes a channel.</param>
/// <param name="metadata">Request headers of a stream, a bearer token above all; null = none.</param>
internal sealed class GrpcAdsTransport(
    string name,
    XdsServerFeatures features,
    Func<GrpcChannel> connect,
    Func<CancellationToken, Task<IReadOnlyList<KeyValuePair<string, string>>>>? metadata = null) : IAdsTransport
{
    public string Name { get; } = name;

    public XdsServerFeatures Features { get; } = features;

    public AdsVariant Variant { get; init; }

    public Task<IAdsStream> OpenAsync(CancellationToken cancellationToken) => OpenAsync<IAdsStream>(
        static (channel, options) => new GrpcAdsStream(channel, channel.Duplex(WellKnownMethods.StreamAggregatedResources, options)), cancellationToken);

    public Task<IDeltaAdsStream> OpenDeltaAsync(CancellationToken cancellationToken) => OpenAsync<IDeltaAdsStream>(
        static (channel, options) => new GrpcDeltaAdsStream(channel, channel.Duplex(WellKnownMethods.DeltaAggregatedResources, options)), cancellationToken);

    public Task<ILoadStatsStream> OpenLoadStatsAsync(CancellationToken cancellationToken) => OpenAsync<ILoadStatsStream>(
        static (channel, options) => new GrpcLoadStatsStream(channel, channel.Duplex(WellKnownMethods.StreamLoadStats, options)), cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<TStream> OpenAsync<TStream>(Func<GrpcChannel, GrpcCallOptions, TStream> call, CancellationToken cancellationToken)
    {
        var headers = metadata is null ? null : await metadata(cancellationToken).ConfigureAwait(false);
        var channel = connect();
        try
        {
            return call(channel, new GrpcCallOptions(Metadata: headers));
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }
}
