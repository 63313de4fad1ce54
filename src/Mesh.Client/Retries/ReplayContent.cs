using System.Net;
using System.Runtime.ExceptionServices;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Client.Timeouts;

namespace ProxylessMesh.Client.Retries;

/// <summary>
/// Stands for a body that the app itself has to produce. One that can be read only once is kept up to a limit as it is sent, while its
/// call may be tried again, and sent from there the next time; one that was broken off in the middle is not sent again. And it
/// tells a failure of the body from a failure of the connection that it goes to.
/// </summary>
internal sealed class ReplayContent : HttpContent
{
    /// <summary>Of a route that does not say. Envoy's is that of the connection's buffer, 1 MiB; here it is the app's own memory.</summary>
    public const int DefaultLimit = 64 * 1024;

    private readonly HttpContent _body;
    private readonly ReplayBuffer _kept;
    private readonly IdleTimer? _idle;
    private readonly bool _repeatable;
    private volatile bool _started;
    private volatile Exception? _failure;

    private ReplayContent(HttpContent body, ReplayBuffer kept, IdleTimer? idle)
    {
        _body = body;
        _repeatable = Replay.IsRepeatable(body);
        _kept = kept;
        _idle = idle;
        foreach (var header in body.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
    }

    /// <summary>Nothing of the body has been read, or all of it is here.</summary>
    public bool CanSendAgain => _repeatable || !_started || _kept.IsComplete;

    /// <summary>Puts itself in the place of the request's body, where there is anything to watch or to keep; else null.</summary>
    public static ReplayContent? Wrap(HttpRequestMessage request, RouteModel route, IdleTimer? idle)
    {
        if (request.Content is not { } body || Replay.IsInMemory(body))
        {
            return null;
        }

        var keeps = route.Retry is not null && !Replay.IsRepeatable(body) && !(body.Headers.ContentLength > route.ReplayLimit);
        var limit = keeps ? route.ReplayLimit : 0;
        var content = new ReplayContent(body, new ReplayBuffer(limit, LocalReply.IsGrpc(request)), idle);
        request.Content = content;
        return content;
    }

    /// <summary>The caller finds its own body in the request.</summary>
    public void Restore(HttpRequestMessage request) => request.Content = _body;

    /// <summary>The app's own body failed while it was sent.</summary>
    public static bool IsBroken(HttpRequestMessage request) => request.Content is ReplayContent { _failure: not null };

    /// <summary>
    /// Throws what the app's own body threw while it was sent: that is the caller's affair, and says nothing of the upstream. A response
    /// that came all the same goes before it.
    /// </summary>
    public static void ThrowIfBroken(HttpRequestMessage request, in AttemptResult result)
    {
        if (result.Response is null && request.Content is ReplayContent { _failure: { } failure })
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (_kept.IsComplete)
        {
            await stream.WriteAsync(_kept.Bytes, cancellationToken).ConfigureAwait(false);
            return;
        }

        _started = true;
        var target = new TeeStream(stream, _kept, _idle);
        try
        {
            await _body.CopyToAsync(target, context, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!target.IsBroken && !cancellationToken.IsCancellationRequested)
        {
            // HttpContent dresses up these two; the app's own is inside.
            _failure = e is HttpRequestException { InnerException: IOException or ObjectDisposedException } ? e.InnerException : e;
            throw;
        }

        _kept.Complete();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Headers.ContentLength ?? 0;
        return _body.Headers.ContentLength is not null;
    }
}
