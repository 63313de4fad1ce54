using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Grpc;

/// <summary>
/// What unary and duplex calls share: the deadline, the response's messages, and how it all ended. Cancelling any operation of a
/// call cancels the call, because the stream stands in the middle of a frame afterwards.
/// </summary>
internal sealed class GrpcCall<TResponse> : IAsyncDisposable
    where TResponse : IMessage<TResponse>
{
    private readonly Uri _address;
    private readonly MessageParser<TResponse> _parser;
    private readonly int _maxMessageSize;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _cancelled;
    private readonly Task<HttpResponseMessage> _response;
    private GrpcFrameReader? _frames;
    private volatile GrpcException? _failure;
    private bool _ended;

    public GrpcCall(
        HttpMessageInvoker invoker,
        Uri address,
        HttpRequestMessage request,
        MessageParser<TResponse> parser,
        GrpcChannelSettings settings,
        TimeSpan? timeout,
        TimeProvider time)
    {
        _address = address;
        _parser = parser;
        _maxMessageSize = settings.MaxReceiveMessageSize;
        _deadline = timeout is { } limit ? GrpcTimeout.Start(limit, time) : new CancellationTokenSource();
        _cancelled = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token);
        _response = SendAsync(invoker, request);
    }

    /// <summary>Ends when the call does.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>The next message, or null after the status OK.</summary>
    public async Task<TResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        if (_ended)
        {
            return default;
        }

        using var registration = cancellationToken.UnsafeRegister(static call => ((GrpcCall<TResponse>)call!).Cancel(), this);
        try
        {
            return await ReadNextAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _failure = Explain(e);
            throw _failure;
        }
    }

    /// <summary>Gives up; what waits on the call ends.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A registration may fire while the call is being disposed.")]
    public void Cancel()
    {
        try
        {
            _cancelled.Cancel();
        }
        catch (ObjectDisposedException)
        {
        }
    }

    /// <summary>The status that an exception of the transport stands for.</summary>
    public GrpcException Explain(Exception exception) => exception switch
    {
        _ when _failure is not null => _failure,
        GrpcException grpc => grpc,
        _ when _deadline.IsCancellationRequested => new GrpcException(GrpcStatusCode.DeadlineExceeded, $"{_address.OriginalString}: no answer in time", exception),
        _ when _cancelled.IsCancellationRequested => new GrpcException(GrpcStatusCode.Cancelled, $"{_address.OriginalString}: the call was cancelled", exception),
        _ => GrpcFailure.From(exception, _address),
    };

    [SuppressMessage("Design", "CA1031", Justification = "Whatever became of the request is known to whoever awaited it.")]
    public async ValueTask DisposeAsync()
    {
        Cancel();
        try
        {
            (await _response.ConfigureAwait(false)).Dispose();
        }
        catch
        {
            // Nobody was left to hear it.
        }

        _cancelled.Dispose();
        _deadline.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMessageInvoker invoker, HttpRequestMessage request)
    {
        try
        {
            return await invoker.SendAsync(request, _cancelled.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A writer may be waiting for a request stream that will never open.
            _failure = Explain(e);
            Cancel();
            throw _failure;
        }
        finally
        {
            request.Dispose();
        }
    }

    private async Task<TResponse?> ReadNextAsync()
    {
        var response = await _response.WaitAsync(_cancelled.Token).ConfigureAwait(false);
        if (_frames is null)
        {
            if (GrpcResponseStatus.AtHeaders(response) is { } early)
            {
                return End(early);
            }

            var body = await response.Content.ReadAsStreamAsync(_cancelled.Token).ConfigureAwait(false);
            _frames = new GrpcFrameReader(body, _maxMessageSize);
        }

        return await _frames.ReadAsync(_parser, _cancelled.Token).ConfigureAwait(false) is { } message
            ? message
            : End(GrpcResponseStatus.AtEnd(response));
    }

    private TResponse? End((GrpcStatusCode Code, string Text) status)
    {
        _ended = true;
        return status.Code == GrpcStatusCode.Ok ? default : throw new GrpcException(status.Code, status.Text);
    }
}
