using System.Net;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Listening;

namespace ProxylessMesh.Server.Tcp;

/// <summary>Says and counts what access rules did to connections. Refusals, which a client can cause at will, are said at most once per interval.</summary>
internal sealed partial class TcpAccessLog(ILogger<TcpAccessLog> logger, IInboundMesh mesh)
{
    private const string NoPolicy = "no ALLOW policy matches";

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly LogThrottle _refused = new(mesh.Time, s_interval);
    private readonly LogThrottle _wouldRefuse = new(mesh.Time, s_interval);
    private readonly LogThrottle _notHttp = new(mesh.Time, s_interval);

    public static void Admitted(InboundSubject connection) => TcpInstruments.Judged(connection.DestinationPort, "allowed");

    public void Refused(InboundSubject connection, string? policy)
    {
        TcpInstruments.Judged(connection.DestinationPort, "denied");
        if (_refused.TryPass(out var suppressed))
        {
            Log.Refused(logger, connection.DestinationPort, Who(connection), policy ?? NoPolicy, suppressed);
        }
    }

    public void WouldRefuse(InboundSubject connection, string? policy)
    {
        TcpInstruments.Judged(connection.DestinationPort, "shadow_denied");
        if (_wouldRefuse.TryPass(out var suppressed))
        {
            Log.WouldRefuse(logger, connection.DestinationPort, Who(connection), policy ?? NoPolicy, suppressed);
        }
    }

    /// <summary>Each connection: whoever writes an AUDIT policy wants them all.</summary>
    public void Audited(InboundSubject connection, string policy) =>
        Log.Audited(logger, connection.DestinationPort, connection.Peer?.Name, connection.SourceAddress, policy);

    public void NotHttp(InboundSubject connection)
    {
        TcpInstruments.Judged(connection.DestinationPort, "denied");
        if (_notHttp.TryPass(out var suppressed))
        {
            Log.NotHttp(logger, connection.DestinationPort, Who(connection), suppressed);
        }
    }

    private static string Who(InboundSubject connection) => connection.Peer?.Name ?? connection.SourceAddress?.ToString() ?? "somebody";

    private static partial class Log
    {
        [LoggerMessage(3700, LogLevel.Information, "Port {Port}: refused a connection of {Peer}: {Policy} ({Suppressed} more since the last line)")]
        public static partial void Refused(ILogger logger, int port, string peer, string policy, int suppressed);

        [LoggerMessage(3701, LogLevel.Information, "Port {Port}: AUDIT of a connection, caller {Peer}, address {Address}: {Policy}")]
        public static partial void Audited(ILogger logger, int port, string? peer, IPAddress? address, string policy);

        [LoggerMessage(3702, LogLevel.Information, "Port {Port}: dry run: would refuse a connection of {Peer}: {Policy} ({Suppressed} more since the last line)")]
        public static partial void WouldRefuse(ILogger logger, int port, string peer, string policy, int suppressed);

        [LoggerMessage(3704, LogLevel.Warning, "Port {Port}: refused a connection of {Peer}: the port has rules for HTTP requests, and what serves it does not speak HTTP; declare the Service's port as TCP (tcp-...) ({Suppressed} more since the last line)")]
        public static partial void NotHttp(ILogger logger, int port, string peer, int suppressed);
    }
}
