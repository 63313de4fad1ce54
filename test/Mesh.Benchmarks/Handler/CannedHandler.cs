using System.Net;

namespace ProxylessMesh.Benchmarks.Handler;

/// <summary>An upstream without a network: a new response with a body of 2 bytes each time, in memory, or as a stream like a socket's.</summary>
internal sealed class CannedHandler(bool streamed) : HttpMessageHandler
{
    private static readonly byte[] Body = "ok"u8.ToArray();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpContent content = streamed ? new StreamContent(new MemoryStream(Body, writable: false)) : new ByteArrayContent(Body);
        content.Headers.TryAddWithoutValidation("Content-Type", "text/plain");
        content.Headers.TryAddWithoutValidation("Content-Length", "2");
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request });
    }
}
