using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ProxylessMesh.Testing;

/// <summary>A server on a real socket that does to each connection what a test says, byte for byte: no HTTP library would be so rude.</summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly ConcurrentBag<ScriptedConnection> _accepted = [];
    private readonly SemaphoreSlim _closed = new(0);
    private readonly Task _accepting;
    private int _count;

    /// <param name="script">Gets each connection and its number, from 1. The connection closes when it ends.</param>
    public ScriptedServer(Func<ScriptedConnection, int, Task> script)
    {
        _listener.Start();
        _accepting = AcceptAsync(script);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref _count);

    /// <summary>Waits until one more connection has been closed; 30 s at most.</summary>
    public async Task ConnectionClosedAsync()
    {
        if (!await _closed.WaitAsync(TimeSpan.FromSeconds(30)))
        {
            throw new TimeoutException("No connection was closed.");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        foreach (var connection in _accepted)
        {
            connection.Dispose();
        }

        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
        _closed.Dispose();
    }

    private async Task AcceptAsync(Func<ScriptedConnection, int, Task> script)
    {
        try
        {
            while (true)
            {
                var connection = new ScriptedConnection(await _listener.AcceptSocketAsync(_stop.Token), _stop.Token);
                _accepted.Add(connection);
                _connections.Add(RunAsync(script, connection, Interlocked.Increment(ref _count)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It was stopped.
        }
    }

    private async Task RunAsync(Func<ScriptedConnection, int, Task> script, ScriptedConnection connection, int number)
    {
        using (connection)
        {
            try
            {
                await script(connection, number);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // The client has had enough, or the test has.
            }
        }

        _closed.Release();
    }
}
