using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using ProxylessMesh.Server.Peers;

namespace ProxylessMesh.Sidecar.Tcp;

/// <summary>
/// Connections and bytes by the names of Istio's TCP metrics (Istio, "Standard Metrics"), as the destination reports them. Bytes count when
/// their connection is over.
/// </summary>
internal static class TcpMetrics
{
    public const string MeterName = "ProxylessMesh.Sidecar";

    private static readonly Meter s_meter = new(MeterName);
    private static readonly Counter<long> s_opened = s_meter.CreateCounter<long>("istio_tcp_connections_opened_total", "{connection}", "Connections that were let in.");
    private static readonly Counter<long> s_closed = s_meter.CreateCounter<long>("istio_tcp_connections_closed_total", "{connection}", "Connections that are over.");
    private static readonly Counter<long> s_received = s_meter.CreateCounter<long>("istio_tcp_received_bytes_total", "By", "Bytes of callers.");
    private static readonly Counter<long> s_sent = s_meter.CreateCounter<long>("istio_tcp_sent_bytes_total", "By", "Bytes of the app.");

    public static void Opened(ConnectionContext connection)
    {
        if (s_opened.Enabled)
        {
            s_opened.Add(1, Tags(connection));
        }
    }

    public static void Closed(ConnectionContext connection, TcpTraffic traffic)
    {
        if (s_closed.Enabled || s_received.Enabled || s_sent.Enabled)
        {
            var tags = Tags(connection);
            s_closed.Add(1, tags);
            s_received.Add(traffic.Received, tags);
            s_sent.Add(traffic.Sent, tags);
        }
    }

    private static TagList Tags(ConnectionContext connection)
    {
        var inbound = connection.Features.Get<InboundConnection>();
        return new TagList
        {
            { "reporter", "destination" },
            { "destination_port", (connection.LocalEndPoint as IPEndPoint)?.Port },
            { "source_principal", inbound?.Peer?.Name ?? "unknown" },
            { "connection_security_policy", inbound is { IsSecured: true } ? "mutual_tls" : "none" },
        };
    }
}
