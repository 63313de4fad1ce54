namespace ProxylessMesh.ControlPlane.LoadReports;

/// <summary>A number that endpoints told with responses.</summary>
internal sealed class MetricTotal
{
    public ulong Requests { get; private set; }

    public double Total { get; private set; }

    public double Mean => Requests == 0 ? 0 : Total / Requests;

    public void Add(ulong requests, double total)
    {
        if (double.IsFinite(Total + total))
        {
            Requests += requests;
            Total += total;
        }
    }
}
