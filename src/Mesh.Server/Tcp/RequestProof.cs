using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ProxylessMesh.Server.Tcp;

/// <summary>
/// Finds out whether requests will come out of a connection, where the app has middleware of its own before whatever serves it.
/// Kestrel's HTTP server subscribes to the connection's heartbeat, by which its timeouts run, before it looks at a byte, or in HTTP/2
/// a few instructions after it has begun to; who does not is somebody else.
/// </summary>
internal sealed class RequestProof : IConnectionHeartbeatFeature
{
    /// <summary>Long enough for a few instructions of HTTP/2's server on the busiest machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IConnectionHeartbeatFeature? _heartbeat;
    private readonly CancellationToken _closed;
    private readonly TimeProvider _time;

    private RequestProof(ConnectionContext connection, TimeProvider time)
    {
        _heartbeat = connection.Features.Get<IConnectionHeartbeatFeature>();
        _closed = connection.ConnectionClosed;
        _time = time;
    }

    public bool IsGiven => _given.Task.IsCompleted;

    /// <summary>Whether a server of HTTP/2 may be about to serve it.</summary>
    public bool MayBeHttp2 { get; set; }

    /// <summary>Before anything of the app sees the connection.</summary>
    public static RequestProof Expect(ConnectionContext connection, TimeProvider time)
    {
        var proof = new RequestProof(connection, time);
        connection.Features.Set<IConnectionHeartbeatFeature>(proof);
        return proof;
    }

    /// <summary>Whether it is given, for HTTP/2 at the latest after <see cref="Patience"/>.</summary>
    public async Task<bool> WaitAsync()
    {
        if (!MayBeHttp2)
        {
            return IsGiven;
        }

        try
        {
            await _given.Task.WaitAsync(Patience, _time, _closed).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void OnHeartbeat(Action<object> action, object state)
    {
        _given.TrySetResult();
        _heartbeat?.OnHeartbeat(action, state);
    }
}
