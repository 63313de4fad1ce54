using System.Net;
using System.Net.Http.Headers;
using Istio.V1.Auth;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;
using Call = System.Func<Istio.V1.Auth.IstioCertificateRequest, Microsoft.AspNetCore.Http.HttpContext, System.Threading.CancellationToken, System.Threading.Tasks.Task<Istio.V1.Auth.IstioCertificateResponse>>;

namespace ProxylessMesh.ControlPlane.Tests.Grpc;

public sealed class GrpcEndpointsTests
{
    private static GrpcMethod<IstioCertificateRequest, IstioCertificateResponse> Method => WellKnownMethods.CreateCertificate;

    [Fact]
    public async Task A_unary_call_is_answered_and_sees_its_headers()
    {
        await using var server = await StartAsync((request, context, _) =>
            Task.FromResult(new IstioCertificateResponse { CertChain = { request.Csr, context.Request.Headers.Authorization.ToString() } }));

        var response = await CallAsync(server, new IstioCertificateRequest { Csr = "csr" }, new GrpcCallOptions(Metadata: [new("authorization", "Bearer t")]));

        Assert.Equal(["csr", "Bearer t"], response.CertChain);
    }

    [Fact]
    public async Task A_grpc_exception_is_its_status()
    {
        await using var server = await StartAsync((_, _, _) => throw new GrpcException(GrpcStatusCode.PermissionDenied, "nicht für dich\n100%"));

        var failure = await FailAsync(server);

        Assert.Equal(GrpcStatusCode.PermissionDenied, failure.Status);
        Assert.Equal("nicht für dich\n100%", failure.Detail);
    }

    [Fact]
    public async Task Another_exception_is_logged_and_tells_the_caller_nothing()
    {
        await using var server = await StartAsync((_, _, _) => throw new FormatException("the secret is 42"));

        var failure = await FailAsync(server);

        Assert.Equal(GrpcStatusCode.Internal, failure.Status);
        Assert.DoesNotContain("42", failure.Detail, StringComparison.Ordinal);
        Assert.Contains(server.Logs.Entries, entry => entry.Id.Id == 4200);
    }

    [Fact]
    public async Task The_callers_deadline_cancels_the_handler()
    {
        var time = new FakeTime();
        var arrived = new TaskCompletionSource();
        await using var server = await StartAsync(
            async (_, _, cancellationToken) =>
            {
                arrived.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                return new IstioCertificateResponse();
            },
            time);

        // The caller's own clock is another one, so that the server is the one that gives up.
        var call = CallAsync(server, new IstioCertificateRequest(), new GrpcCallOptions(TimeSpan.FromMinutes(5)));
        await arrived.Task.WaitAsync(GrpcTestServer.Patience);
        time.Advance(TimeSpan.FromMinutes(5));

        var failure = await Assert.ThrowsAsync<GrpcException>(() => call);
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, failure.Status);
        Assert.Equal("the caller's deadline passed", failure.Detail);
    }

    [Fact]
    public async Task A_caller_that_goes_cancels_the_handler()
    {
        var arrived = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var server = await StartAsync(async (_, _, cancellationToken) =>
        {
            using var registration = cancellationToken.Register(cancelled.SetResult);
            arrived.SetResult();
            await cancelled.Task;
            throw new OperationCanceledException(cancellationToken);
        });
        using var channel = Channel(server);
        using var cancellation = new CancellationTokenSource();

        var call = channel.UnaryAsync(Method, new IstioCertificateRequest(), GrpcCallOptions.None, cancellation.Token);
        await arrived.Task.WaitAsync(GrpcTestServer.Patience);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await cancelled.Task.WaitAsync(GrpcTestServer.Patience);
    }

    [Theory]
    [InlineData("", GrpcStatusCode.Internal)]
    [InlineData("000000", GrpcStatusCode.Internal)]
    [InlineData("0000000003ffffff", GrpcStatusCode.Internal)]
    [InlineData("0100000000", GrpcStatusCode.Unimplemented)]
    [InlineData("00ffffffff", GrpcStatusCode.ResourceExhausted)]
    [InlineData("0000400001", GrpcStatusCode.ResourceExhausted)]
    public async Task A_damaged_request_is_a_status(string hex, object expected)
    {
        await using var server = await StartAsync((_, _, _) => Task.FromResult(new IstioCertificateResponse()));

        using var response = await PostAsync(server, "application/grpc", Convert.FromHexString(hex));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"{(int)(GrpcStatusCode)expected}", response.Headers.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task A_timeout_that_cannot_be_read_is_refused()
    {
        await using var server = await StartAsync((_, _, _) => Task.FromResult(new IstioCertificateResponse()));

        using var response = await PostAsync(server, "application/grpc", new byte[5], timeout: "soon");

        Assert.Equal("3", response.Headers.GetValues("grpc-status").Single());
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpc-web")]
    public async Task Another_content_type_is_refused(string contentType)
    {
        await using var server = await StartAsync((_, _, _) => Task.FromResult(new IstioCertificateResponse()));

        using var response = await PostAsync(server, contentType, new byte[5]);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task Http1_is_refused()
    {
        await using var server = await GrpcTestServer.StartAsync(
            app => app.MapGrpcUnary(Method, (_, _, _) => Task.FromResult(new IstioCertificateResponse())), protocols: HttpProtocols.Http1);

        using var response = await PostAsync(server, "application/grpc", new byte[5], HttpVersion.Version11);

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
    }

    [Fact]
    public async Task An_unknown_method_is_unimplemented()
    {
        await using var server = await GrpcTestServer.StartAsync(_ => { });

        Assert.Equal(GrpcStatusCode.Unimplemented, (await FailAsync(server)).Status);
    }

    [Fact]
    public async Task A_duplex_handler_reads_and_writes_until_the_client_completes()
    {
        await using var server = await GrpcTestServer.StartAsync(app => app.MapGrpcDuplex(Method, async (stream, cancellationToken) =>
        {
            while (await stream.ReadAsync(cancellationToken) is { } request)
            {
                await stream.WriteAsync(new IstioCertificateResponse { CertChain = { request.Csr } }, cancellationToken);
            }

            throw new GrpcException(GrpcStatusCode.Aborted, "after the last");
        }));
        using var channel = Channel(server);
        await using var call = channel.Duplex(Method, GrpcCallOptions.None);

        for (var i = 0; i < 20; i++)
        {
            await call.WriteAsync(new IstioCertificateRequest { Csr = $"{i}" }, CancellationToken.None);
            Assert.Equal($"{i}", (await call.ReadAsync(CancellationToken.None).WaitAsync(GrpcTestServer.Patience))!.CertChain.Single());
        }

        await call.CompleteAsync();
        var failure = await Assert.ThrowsAsync<GrpcException>(() => call.ReadAsync(CancellationToken.None).WaitAsync(GrpcTestServer.Patience));
        Assert.Equal(GrpcStatusCode.Aborted, failure.Status);
        Assert.Equal("after the last", failure.Detail);
    }

    private static Task<GrpcTestServer> StartAsync(Call handler, TimeProvider? time = null) =>
        GrpcTestServer.StartAsync(app => app.MapGrpcUnary(Method, handler), time);

    private static GrpcChannel Channel(GrpcTestServer server) => new(server.Address, new GrpcChannelSettings(), tls: null, TimeProvider.System);

    private static async Task<IstioCertificateResponse> CallAsync(GrpcTestServer server, IstioCertificateRequest request, GrpcCallOptions options)
    {
        using var channel = Channel(server);
        return await channel.UnaryAsync(Method, request, options, CancellationToken.None).WaitAsync(GrpcTestServer.Patience);
    }

    private static Task<GrpcException> FailAsync(GrpcTestServer server) =>
        Assert.ThrowsAsync<GrpcException>(() => CallAsync(server, new IstioCertificateRequest(), GrpcCallOptions.None));

    private static async Task<HttpResponseMessage> PostAsync(
        GrpcTestServer server, string contentType, byte[] body, Version? version = null, string? timeout = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, Method.Path))
        {
            Version = version ?? HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } },
        };
        if (timeout is not null)
        {
            request.Headers.Add("grpc-timeout", timeout);
        }

        return await client.SendAsync(request);
    }
}
