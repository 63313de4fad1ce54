using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.LoadReports;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.Client.LoadReports;

/// <summary>
/// Whom the load that this process makes is told: of each cluster the first server that is responsible for it, which is what lrs_server: self
/// comes down to. While configuration comes from a fallback, reports wait for the first server to come back.
/// </summary>
internal sealed class LoadReporters : IAsyncDisposable
{
    private readonly (LoadStats Stats, LoadStatsReporter Reporter) _plain;
    private readonly Dictionary<string, (LoadStats Stats, LoadStatsReporter Reporter)> _byAuthority = new(StringComparer.Ordinal);

    public LoadReporters(
        IAdsTransport server,
        IReadOnlyDictionary<string, IReadOnlyList<IAdsTransport>> authorities,
        Func<NodeInfo> node,
        TimeProvider time,
        IRandomSource random,
        ILoggerFactory logs)
    {
        _plain = Create(server);
        foreach (var (authority, servers) in authorities)
        {
            _byAuthority.Add(authority, Create(servers[0]));
        }

        (LoadStats Stats, LoadStatsReporter Reporter) Create(IAdsTransport transport)
        {
            var stats = new LoadStats(time);
            var reporter = new LoadStatsReporter(transport, node, stats, time, random, logs.CreateLogger<LoadStatsReporter>());
            stats.Changed = reporter.SetWanted;
            return (stats, reporter);
        }
    }

    /// <summary>Where a cluster is counted; null = nobody could be told.</summary>
    public LoadStats? StatsOf(string cluster) => XdsName.Parse(ResourceKinds.Cluster.TypeUrl, cluster).Authority is not { } authority ? _plain.Stats
        : _byAuthority.TryGetValue(authority, out var found) ? found.Stats
        : null;

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, reporter) in _byAuthority.Values.Prepend(_plain))
        {
            await reporter.DisposeAsync().ConfigureAwait(false);
        }
    }
}
