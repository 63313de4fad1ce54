namespace ProxylessMesh.Xds.LoadReports;

/// <summary>Counts what this process sends.</summary>
internal interface ILoadStatsSource
{
    /// <summary>What has not been told yet; it is then taken as told. Clusters of which there is nothing to tell are left out.</summary>
    /// <param name="isWanted">By the cluster's name.</param>
    IReadOnlyList<ClusterLoadStats> Take(Func<string, bool> isWanted);
}
