namespace ProxylessMesh.Client;

/// <summary>
/// What a web app tells its callers of its load (ORCA, gRFC A51), for those that balance by it. Section <c>Mesh:LoadReports</c>.
/// </summary>
public sealed class LoadReportOptions
{
    /// <summary>
    /// Whether every response to a caller in the mesh tells the load: in the trailer <c>endpoint-load-metrics-bin</c> of a gRPC
    /// response, in the header of that name of any other. Default: false.
    /// </summary>
    public bool InResponses { get; set; }

    /// <summary>
    /// Whether callers may have the load told on a stream of their own (<c>xds.service.orca.v3.OpenRcaService/StreamCoreMetrics</c>, on
    /// the app's own ports). Default: false.
    /// </summary>
    public bool OutOfBand { get; set; }

    /// <summary>How often a stream is told the load at most, in 100 ms to 1 h; callers that ask for less, or for nothing, get this. Default: 30 s.</summary>
    public TimeSpan MinimumInterval { get; set; } = TimeSpan.FromSeconds(30);
}
