using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.LoadReports;

/// <summary>What was sent to the endpoints of one locality since the last time that it was told.</summary>
internal sealed record LocalityStats(LocalityId Locality, int Priority, long Issued, long Succeeded, long Failed)
{
    /// <summary>Now.</summary>
    public long InProgress { get; init; }

    public LoadSum Cpu { get; init; }

    public LoadSum Memory { get; init; }

    public LoadSum Application { get; init; }

    /// <summary>By their names, without prefix.</summary>
    public IReadOnlyList<KeyValuePair<string, LoadSum>> Named { get; init; } = [];
}
