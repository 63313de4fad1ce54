using System.Net;
using System.Net.Http.Headers;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.Attacks;

/// <summary>A request that is one message has to come to its end; by itself, as Kestrel gives it five seconds.</summary>
public sealed class UnendingRequestTests
{
    [Fact]
    public async Task A_request_for_a_certificate_that_never_ends_is_cut_off()
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        using var http = new HttpClient(handler);
        using var content = new PushedContent { Headers = { ContentType = new MediaTypeHeaderValue(GrpcContentType.Value) } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(mesh.Secure, WellKnownMethods.CreateCertificate.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        var call = http.SendAsync(request);
        await content.WriteAsync([0, 0, 0, 1, 0, 1, 2, 3]);

        // Which one depends on whether the body or the answer notices first.
        var ended = await Record.ExceptionAsync(() => call.WaitAsync(Poll.Patience));
        Assert.True(ended is HttpRequestException or OperationCanceledException, $"{ended}");
    }
}
