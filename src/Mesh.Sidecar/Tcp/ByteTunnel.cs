using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ProxylessMesh.Sidecar.Tcp;

/// <summary>
/// Copies bytes both ways. The end of one direction is passed on as such, and the other goes on (TCP's half-close: a client may say all
/// that it has to say before it listens). Never holds more than one buffer per direction; who does not read is not read from.
/// </summary>
internal static class ByteTunnel
{
    private const int BufferSize = 16 * 1024;
    /// <exception cref="Exception">One side broke off, or neither said anything for too long.</exception>
    public static async Task RunAsync(ConnectionContext caller, Socket app, TcpTraffic traffic, CancellationToken idle)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(idle);
        var there = GuardAsync(ToAppAsync(caller.Transport.Input, app, traffic, broken.Token), broken);
        var back = GuardAsync(ToCallerAsync(app, caller, traffic, broken.Token), broken);
        await Task.WhenAll(there, back).ConfigureAwait(false);
    }

    // A direction that breaks ends the other.
    private static async Task GuardAsync(Task direction, CancellationTokenSource broken)
    {
        try
        {
            await direction.ConfigureAwait(false);
        }
        catch
        {
            await broken.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task ToAppAsync(PipeReader from, Socket to, TcpTraffic traffic, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await from.ReadAsync(cancellationToken).ConfigureAwait(false);
            traffic.FromCaller(read.Buffer.Length);
            foreach (var segment in read.Buffer)
            {
                for (var rest = segment; rest.Length > 0;)
                {
                    rest = rest[await to.SendAsync(rest, cancellationToken).ConfigureAwait(false)..];
                }
            }

            from.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                to.Shutdown(SocketShutdown.Send);
                return;
            }
        }
    }

    private static async Task ToCallerAsync(Socket from, ConnectionContext caller, TcpTraffic traffic, CancellationToken cancellationToken)
    {
        var to = CallerStream(caller);
        while (true)
        {
            // Waiting costs no buffer: connections are idle for most of their life.
            await from.ReceiveAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
            var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                var count = await from.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
                traffic.FromApp(count);
                if (count == 0)
                {
                    break;
                }

                await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        await EndAsync(caller, to).ConfigureAwait(false);
    }

    // Past the output pipe of the server, whose end would be the end of both directions. Nobody else writes.
    private static Stream CallerStream(ConnectionContext caller) =>
        caller.Features.Get<ISslStreamFeature>()?.SslStream
        ?? (caller.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket ? new NetworkStream(socket, ownsSocket: false) : caller.Transport.Output.AsStream());

    private static async Task EndAsync(ConnectionContext caller, Stream to)
    {
        if (to is SslStream tls)
        {
            await tls.ShutdownAsync().ConfigureAwait(false);
        }
        else if (to is NetworkStream plain)
        {
            plain.Socket.Shutdown(SocketShutdown.Send);
        }
        else
        {
            await caller.Transport.Output.CompleteAsync().ConfigureAwait(false);
        }
    }
}
