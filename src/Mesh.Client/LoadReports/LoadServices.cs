using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ProxylessMesh.Client.LoadReports;

/// <summary>What clusters need to tell the load that they make, and to be told that of their endpoints.</summary>
/// <param name="StatsOf">Where a cluster of a name is counted; null = nobody can be told.</param>
/// <param name="Logger">Of streams to endpoints.</param>
internal sealed record LoadServices(Func<string, LoadStats?> StatsOf, ILogger Logger)
{
    public static LoadServices None { get; } = new(_ => null, NullLogger.Instance);
}
