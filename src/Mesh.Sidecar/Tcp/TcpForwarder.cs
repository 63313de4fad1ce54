using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Listening;

namespace ProxylessMesh.Sidecar.Tcp;

/// <summary>Connects a connection that the mesh has let in with the app, until both have said all, or nothing for too long.</summary>
internal sealed partial class TcpForwarder(IOptions<SidecarOptions> options, IInboundMesh mesh, ILogger<TcpForwarder> logger)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly LogThrottle _unreachable = new(mesh.Time, TimeSpan.FromSeconds(10));

    /// <summary>Returns when the connection is over; its bytes have been decrypted if they travel in TLS.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever breaks one side is told to the other, and to nobody else.")]
    public async Task ForwardAsync(ConnectionContext caller, IPEndPoint app)
    {
        using var upstream = new Socket(app.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // The server's token for closed connections fires already when the caller has said all that it has to say.
            using var patience = new CancellationTokenSource(ConnectTimeout, mesh.Time);
            await upstream.ConnectAsync(app, patience.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            if (_unreachable.TryPass(out var suppressed))
            {
                Log.Unreachable(logger, app, failure.Message, suppressed);
            }

            // Not a clean end: that would be an answer of the app.
            caller.Abort(new ConnectionAbortedException("The app cannot be reached."));
            return;
        }

        using var idle = new IdleLimit(options.Value.TcpIdleTimeout, mesh.Time);
        var traffic = new TcpTraffic(idle);
        TcpMetrics.Opened(caller);
        try
        {
            await ByteTunnel.RunAsync(caller, upstream, traffic, idle.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            upstream.Close(timeout: 0);
            caller.Abort(new ConnectionAbortedException("The connection to the app, or of the caller, broke off or was idle for too long."));
        }

        TcpMetrics.Closed(caller, traffic);
    }

    private static partial class Log
    {
        [LoggerMessage(5010, LogLevel.Warning, "Closed a connection: the app at {App} cannot be reached: {Reason} ({Suppressed} more since the last line)")]
        public static partial void Unreachable(ILogger logger, IPEndPoint app, string reason, int suppressed);
    }
}
