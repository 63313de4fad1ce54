using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Client.LoadReports;

/// <summary>Who wants to know of the requests of one endpoint. Set on endpoints whose cluster asks for it; elsewhere a call pays for a null check.</summary>
/// <param name="weight">Of the endpoint, if the reports in its responses make it; else null.</param>
/// <param name="config">What makes a weight of a report.</param>
/// <param name="time">The clock.</param>
internal sealed class EndpointLoad(EndpointWeight? weight, ClientWeightsConfig config, TimeProvider time)
{
    private readonly bool _withNamed = config.MetricNames.AsSpan().Length > 0;

    /// <summary>Whether it was made of the same settings.</summary>
    public bool IsOf(ClientWeightsConfig other) => config.Equals(other);

    /// <summary>The response was read to its end, or is not wanted: its headers and trailers are as they will be.</summary>
    public void End(HttpResponseMessage response)
    {
        if (weight is not null && ResponseReport.TryRead(response, _withNamed, out var report))
        {
            weight.Update(in report, config, time.GetTimestamp());
        }
    }
}
