namespace ProxylessMesh.Xds.LoadReports;

/// <summary>A number of reports, added up.</summary>
/// <param name="Count">Requests that brought it.</param>
/// <param name="Total">Of its values.</param>
internal readonly record struct LoadSum(long Count, double Total)
{
    public LoadSum Plus(double value) => new(Count + 1, Total + value);
}
