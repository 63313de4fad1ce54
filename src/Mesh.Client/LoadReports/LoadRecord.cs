using ProxylessMesh.Client.Outcomes;

namespace ProxylessMesh.Client.LoadReports;

/// <summary>Tells of a response once it has ended; made only where somebody wants to know.</summary>
internal sealed class LoadRecord(EndpointLoad load, HttpResponseMessage response) : ResponseRecord
{
    public override void End(ResponseFlags flags) => load.End(response);
}
