using System.Net;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Client.Timeouts;

namespace ProxylessMesh.Client.Retries;

/// <summary>
/// Stands for a body that can be read only once, while its call may be tried again: what is sent is kept up to a limit, and sent from
/// there the next time. A body that was broken off in the middle is not sent again.
/// </summary>
internal sealed class ReplayContent : HttpContent
{
    /// <summary>Of a route that does not say. Envoy's is that of the connection's buffer, 1 MiB; here it is the app's own memory.</summary>
    public const int DefaultLimit = 64 * 1024;

    private readonly HttpContent _body;
    private readonly ReplayBuffer _kept;
    private readonly IdleTimer? _idle;
    private volatile bool _started;

    private ReplayContent(HttpContent body, ReplayBuffer kept, IdleTimer? idle)
    {
        _body = body;
        _kept = kept;
        _idle = idle;
        foreach (var header in body.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
    }

    /// <summary>Nothing of the body has been read, or all of it is here.</summary>
    public bool CanSendAgain => !_started || _kept.IsComplete;

    /// <summary>Puts itself in the place of the request's body, where there is anything to watch or to keep; else null.</summary>
    public static ReplayContent? Wrap(HttpRequestMessage request, RouteModel route, IdleTimer? idle)
    {
        if (request.Content is not { } body || Replay.IsPossible(body))
        {
            return null;
        }

        var limit = route.Retry is null || body.Headers.ContentLength > route.ReplayLimit ? 0 : route.ReplayLimit;
        if (limit == 0 && idle is null)
        {
            return null;
        }

        var content = new ReplayContent(body, new ReplayBuffer(limit, LocalReply.IsGrpc(request)), idle);
        request.Content = content;
        return content;
    }

    /// <summary>The caller finds its own body in the request.</summary>
    public void Restore(HttpRequestMessage request) => request.Content = _body;

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
        await _body.CopyToAsync(new TeeStream(stream, _kept, _idle), context, cancellationToken).ConfigureAwait(false);
        _kept.Complete();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Headers.ContentLength ?? 0;
        return _body.Headers.ContentLength is not null;
    }
}
