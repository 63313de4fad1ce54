using Google.Protobuf;

namespace ProxylessMesh.Xds.Grpc;

/// <summary>A call with streams both ways. One writer and one reader at a time; the two may work at once.</summary>
internal sealed class GrpcDuplexCall<TRequest, TResponse> : IAsyncDisposable
    where TRequest : IMessage<TRequest>
    where TResponse : IMessage<TResponse>
{
    private readonly GrpcCall<TResponse> _call;
    private readonly GrpcRequestStream _requests;

    internal GrpcDuplexCall(GrpcCall<TResponse> call, GrpcRequestStream requests)
    {
        _call = call;
        _requests = requests;
    }

    /// <summary>
    /// Sends one message and flushes. Throws <see cref="GrpcException"/> when the call has ended; the server's own status is what
    /// <see cref="ReadAsync"/> tells. Cancelling cancels the call.
    /// </summary>
    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        if (_requests.IsCompleted)
        {
            throw new InvalidOperationException("The request stream was completed.");
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _call.Cancelled);
        try
        {
            await _requests.WriteAsync(message, either.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                _call.Cancel();
                cancellationToken.ThrowIfCancellationRequested();
            }

            throw _call.Explain(e);
        }
    }

    /// <summary>Ends the request stream.</summary>
    public Task CompleteAsync()
    {
        _requests.Complete();
        return Task.CompletedTask;
    }

    /// <summary>
    /// The next message, or null when the server ended the call with OK. Throws <see cref="GrpcException"/> for any other end.
    /// Cancelling cancels the call.
    /// </summary>
    public Task<TResponse?> ReadAsync(CancellationToken cancellationToken) => _call.ReadAsync(cancellationToken);

    /// <summary>Cancels the call if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        _call.Cancel();
        _requests.Abandon();
        await _call.DisposeAsync().ConfigureAwait(false);
    }
}
