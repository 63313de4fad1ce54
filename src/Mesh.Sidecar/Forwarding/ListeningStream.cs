using System.Net.Sockets;

namespace ProxylessMesh.Sidecar.Forwarding;

/// <summary>
/// A connection to a server that may answer, and close, before it has taken the whole request (413 of an upload, 401). A client of
/// HTTP/1.1 that fails with the write never reads that answer; so what nobody takes any more is dropped, and reading says how it went.
/// </summary>
internal sealed class ListeningStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private bool _closedToUs;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_closedToUs)
        {
            return;
        }

        try
        {
            await base.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException closed) when (closed.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted })
        {
            _closedToUs = true;
        }
    }
}
