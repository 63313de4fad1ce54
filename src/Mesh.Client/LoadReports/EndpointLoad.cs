using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Client.Retries;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Client.LoadReports;

/// <summary>Who wants to know of the requests of one endpoint. Set on endpoints whose cluster asks for it; elsewhere a call pays for null checks.</summary>
/// <param name="endpoint">It.</param>
/// <param name="config">Of the cluster.</param>
/// <param name="weight">Of the endpoint; null where reports make none.</param>
/// <param name="locality">Its counts; null where nobody is told.</param>
/// <param name="stream">On which it tells its load; null where it does not.</param>
/// <param name="time">The clock.</param>
internal sealed class EndpointLoad(
    Endpoint endpoint, EndpointLoadConfig config, EndpointWeight? weight, LocalityLoad? locality, LoadReportWatch? stream, TimeProvider time)
{
    private readonly bool _reads = config.ReadsResponses;
    private readonly bool _readsNames = config.ReadsNames;

    /// <summary>Whether it was made of the same things.</summary>
    public bool IsOf(EndpointLoadConfig otherConfig, LocalityLoad? otherLocality) => ReferenceEquals(locality, otherLocality) && config.Equals(otherConfig);

    public bool CountsIn(LocalityLoad other) => ReferenceEquals(locality, other);

    /// <summary>A request is sent.</summary>
    public void Begin()
    {
        locality?.Issue();
        stream?.Start();
    }

    /// <summary>No response came.</summary>
    public void Fail(AttemptOutcome outcome)
    {
        locality?.End(failed: true);
        if (config.GoesByReach && outcome == AttemptOutcome.ConnectFailure)
        {
            endpoint.IsUnreachable = true;
        }
    }

    /// <summary>The response was read to its end, or is not wanted: its headers and trailers are as they will be.</summary>
    public void End(HttpResponseMessage response)
    {
        if (config.GoesByReach)
        {
            endpoint.IsUnreachable = false;
        }

        locality?.End(ResponseVerdict.HasFailed(response));
        if (!_reads || !ResponseReport.TryRead(response, _readsNames, out var report))
        {
            return;
        }

        if (config.WeighsResponses)
        {
            weight?.Update(in report, config.Weights!, time.GetTimestamp());
        }

        if (config.Stats is { HasMetrics: true } stats)
        {
            locality?.Add(in report, stats);
        }
    }

    /// <summary>Nobody wants to know any more.</summary>
    public void Stop() => stream?.Dispose();
}
