using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.LoadReports;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.LoadReports;

/// <summary>Sets on the endpoints of one cluster what its configuration wants to know of their requests.</summary>
internal sealed class EndpointLoads(ClusterState cluster, LoadServices services, TimeProvider time, IRandomSource random) : IDisposable
{
    private readonly LoadStats? _stats = services.StatsOf(cluster.Name);
    private EndpointLoadConfig? _config;

    public void Configure(ClusterConfig? config, ClusterMember[] members)
    {
        var wanted = EndpointLoadConfig.Of(config, _stats is not null);
        if (wanted.IsNothing && _config is null)
        {
            return;
        }

        _config = wanted.IsNothing ? null : wanted;
        var stats = wanted.Stats is null ? null : _stats!.Open(cluster);
        foreach (var member in members)
        {
            Set(member, wanted, stats?.Of(member.Locality.Id, member.Priority));
        }

        if (stats is null)
        {
            _stats?.Close(cluster);
        }
    }

    public void Dispose() => _stats?.Close(cluster);

    private void Set(ClusterMember member, EndpointLoadConfig config, LocalityLoad? locality)
    {
        var endpoint = member.Endpoint;
        if (endpoint.Load is { } load)
        {
            if (load.IsOf(config, locality))
            {
                return;
            }

            load.Stop();
        }

        endpoint.Load = config.IsNothing ? null : new EndpointLoad(endpoint, config, config.Weights is null ? null : endpoint.WeightByReports(), locality, Stream(endpoint, config), time);
    }

    private LoadReportWatch? Stream(Endpoint endpoint, EndpointLoadConfig config)
    {
        if (!config.HasStreams)
        {
            return null;
        }

        var (weight, weights) = (endpoint.WeightByReports(), config.Weights!);
        return new LoadReportWatch(
            endpoint.Authority,
            new EndpointHandler(endpoint),
            weights.OutOfBandPeriod!.Value,
            report => weight.Update(in report, weights, time.GetTimestamp()),
            time,
            random,
            services.Logger);
    }
}
