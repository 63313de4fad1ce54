using System.Net;

namespace ProxylessMesh.Benchmarks.Handler;

/// <summary>
/// An upstream without a network: a new response with a body of 2 bytes each time, in memory, or as a stream like a socket's; at once,
/// or on another thread like a socket's.
/// </summary>
internal sealed class CannedHandler(bool streamed, bool later) : HttpMessageHandler
{
    private static readonly byte[] Body = "ok"u8.ToArray();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        later ? LaterAsync(request) : Task.FromResult(Answer(request));

    private async Task<HttpResponseMessage> LaterAsync(HttpRequestMessage request)
    {
        await Task.Yield();
        return Answer(request);
    }

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        HttpContent content = streamed ? new StreamContent(new MemoryStream(Body, writable: false)) : new ByteArrayContent(Body);
        content.Headers.TryAddWithoutValidation("Content-Type", "text/plain");
        content.Headers.TryAddWithoutValidation("Content-Length", "2");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request };
    }
}
