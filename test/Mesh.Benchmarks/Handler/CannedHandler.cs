using System.Net;

namespace ProxylessMesh.Benchmarks.Handler;

/// <summary>An upstream without a network: a new response with a streamed body of 2 bytes each time, as a socket would give.</summary>
internal sealed class CannedHandler : HttpMessageHandler
{
    private static readonly byte[] Body = "ok"u8.ToArray();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var content = new StreamContent(new MemoryStream(Body, writable: false));
        content.Headers.TryAddWithoutValidation("Content-Type", "text/plain");
        content.Headers.TryAddWithoutValidation("Content-Length", "2");
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request });
    }
}
