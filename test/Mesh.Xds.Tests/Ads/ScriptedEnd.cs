using System.Threading.Channels;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>The server's end of one stream, in either variant.</summary>
internal abstract class ScriptedEnd<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    private readonly Channel<TRequest> _requests = Channel.CreateUnbounded<TRequest>();
    private readonly Channel<TResponse> _responses = Channel.CreateUnbounded<TResponse>();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reads;

    /// <summary>Set: requests are not taken until it completes.</summary>
    public Task Writable { get; set; } = Task.CompletedTask;

    /// <summary>How often the client has asked for a message.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Completes when the client has let go of the stream.</summary>
    public Task ClosedByClient => _closed.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public bool HasRequest => _requests.Reader.TryPeek(out _);

    public async Task<TRequest> NextAsync() =>
        await _requests.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public void Send(TResponse response) => _responses.Writer.TryWrite(response);

    public void Fail(Exception error) => _responses.Writer.TryComplete(error);

    public void End() => _responses.Writer.TryComplete();

    public async Task WriteAsync(TRequest request, CancellationToken cancellationToken)
    {
        await Writable.WaitAsync(cancellationToken);
        _requests.Writer.TryWrite(request);
    }

    public async Task<TResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return await _responses.Reader.WaitToReadAsync(cancellationToken) && _responses.Reader.TryRead(out var response) ? response : null;
    }

    public ValueTask DisposeAsync()
    {
        _closed.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
