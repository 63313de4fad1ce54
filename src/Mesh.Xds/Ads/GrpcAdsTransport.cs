using ProxylessMesh.Xds.Grpc;

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

    public async Task<IAdsStream> OpenAsync(CancellationToken cancellationToken)
    {
        var headers = metadata is null ? null : await metadata(cancellationToken).ConfigureAwait(false);
        var channel = connect();
        try
        {
            return new GrpcAdsStream(channel, channel.Duplex(WellKnownMethods.StreamAggregatedResources, new(Metadata: headers)));
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
