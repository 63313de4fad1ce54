using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ProxylessMesh.Client.LoadReports;

/// <summary>What clusters need to tell the load that they make, and to be told that of their endpoints.</summary>
/// <param name="Stats">Null: no control plane can be told.</param>
/// <param name="Logger">Of streams to endpoints.</param>
internal sealed record LoadServices(LoadStats? Stats, ILogger Logger)
{
    public static LoadServices None { get; } = new(null, NullLogger.Instance);
}
