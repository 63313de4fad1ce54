using Microsoft.Extensions.Logging;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Listening;

namespace ProxylessMesh.Server.Authorization;

/// <summary>Says what access rules did. Refusals, which a client can cause at will, at most once per interval.</summary>
internal sealed partial class AccessLog(ILogger logger, TimeProvider time)
{
    private const string NoPolicy = "no ALLOW policy matches";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly LogThrottle _refused = new(time, Interval);
    private readonly LogThrottle _wouldRefuse = new(time, Interval);

    public void Refused(InboundRequest request, string? policy)
    {
        if (logger.IsEnabled(LogLevel.Information) && _refused.TryPass(out var suppressed))
        {
            Log.Refused(logger, request.DestinationPort, request.Method, request.Path, Who(request), policy ?? NoPolicy, suppressed);
        }
    }

    public void WouldRefuse(InboundRequest request, string? policy)
    {
        if (logger.IsEnabled(LogLevel.Information) && _wouldRefuse.TryPass(out var suppressed))
        {
            Log.WouldRefuse(logger, request.DestinationPort, request.Method, request.Path, Who(request), policy ?? NoPolicy, suppressed);
        }
    }

    /// <summary>Each request: whoever writes an AUDIT policy wants them all.</summary>
    public void Audited(InboundRequest request, string policy) =>
        Log.Audited(logger, request.DestinationPort, request.Method, request.Path, request.Peer?.Name, request.SourceAddress, policy);

    private static string Who(InboundRequest request) => request.Peer?.Name ?? request.SourceAddress?.ToString() ?? "somebody";

    private static partial class Log
    {
        [LoggerMessage(3200, LogLevel.Information, "Port {Port}: refused {Method} {Path} of {Peer}: {Policy} ({Suppressed} more since the last line)")]
        public static partial void Refused(ILogger logger, int port, string method, string path, string peer, string policy, int suppressed);

        [LoggerMessage(3201, LogLevel.Information, "Port {Port}: AUDIT of {Method} {Path}, caller {Peer}, address {Address}: {Policy}")]
        public static partial void Audited(ILogger logger, int port, string method, string path, string? peer, System.Net.IPAddress? address, string policy);

        [LoggerMessage(3202, LogLevel.Information, "Port {Port}: dry run: would refuse {Method} {Path} of {Peer}: {Policy} ({Suppressed} more since the last line)")]
        public static partial void WouldRefuse(ILogger logger, int port, string method, string path, string peer, string policy, int suppressed);
    }
}
