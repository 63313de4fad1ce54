using System.Net;
using System.Net.Sockets;
using System.Text;
using Envoy.Service.Discovery.V3;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Tests.Grpc;

/// <summary>Whatever a server sends, a call ends with a status.</summary>
public sealed class GrpcHostileServerTests
{
    [Theory]
    [InlineData(400, GrpcStatusCode.Internal)]
    [InlineData(401, GrpcStatusCode.Unauthenticated)]
    [InlineData(403, GrpcStatusCode.PermissionDenied)]
    [InlineData(404, GrpcStatusCode.Unimplemented)]
    [InlineData(418, GrpcStatusCode.Unknown)]
    [InlineData(429, GrpcStatusCode.Unavailable)]
    [InlineData(502, GrpcStatusCode.Unavailable)]
    [InlineData(503, GrpcStatusCode.Unavailable)]
    [InlineData(504, GrpcStatusCode.Unavailable)]
    [InlineData(500, GrpcStatusCode.Unknown)]
    public async Task An_http_status_is_mapped(int http, object expected)
    {
        var failure = await GrpcCalls.FailAsync(context =>
        {
            context.Response.StatusCode = http;
            return Task.CompletedTask;
        });

        Assert.Equal(expected, failure.Status);
    }

    [Fact]
    public async Task A_grpc_status_counts_more_than_the_http_status()
    {
        var failure = await GrpcCalls.FailAsync(context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers["grpc-status"] = "8";
            return Task.CompletedTask;
        });

        Assert.Equal(GrpcStatusCode.ResourceExhausted, failure.Status);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpcish")]
    [InlineData(null)]
    public async Task A_wrong_content_type_is_refused(string? contentType)
    {
        var failure = await GrpcCalls.FailAsync(async context =>
        {
            context.Response.ContentType = contentType;
            await RawGrpcServer.SendAsync(context, RawGrpcServer.Frame(new DiscoveryResponse()));
            RawGrpcServer.EndWith(context, "0");
        });

        Assert.Equal(GrpcStatusCode.Unknown, failure.Status);
    }

    [Theory]
    [InlineData("99")]
    [InlineData("-1")]
    [InlineData("OK")]
    [InlineData("4294967296")]
    public async Task An_unknown_grpc_status_is_no_success(string status)
    {
        var failure = await GrpcCalls.FailAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            await RawGrpcServer.SendAsync(context, RawGrpcServer.Frame(new DiscoveryResponse()));
            RawGrpcServer.EndWith(context, status);
        });

        Assert.Equal(GrpcStatusCode.Unknown, failure.Status);
    }

    [Theory]
    [InlineData("", GrpcStatusCode.Unknown)] // No trailers, no message.
    [InlineData("00", GrpcStatusCode.Internal)] // Half a header.
    [InlineData("0000000005010203", GrpcStatusCode.Internal)] // Three of five bytes.
    [InlineData("0000000003ffffff", GrpcStatusCode.Internal)] // No protobuf.
    [InlineData("0100000000", GrpcStatusCode.Unimplemented)] // Compressed.
    [InlineData("4700000000", GrpcStatusCode.Internal)] // No such flag.
    [InlineData("00ffffffff", GrpcStatusCode.ResourceExhausted)] // 4 GiB, it says.
    [InlineData("485454502f312e3120343030204261642052657175657374", GrpcStatusCode.Internal)] // HTTP/1.1 400 Bad Request
    public async Task Damaged_frames_are_errors(string hex, object expected)
    {
        var failure = await GrpcCalls.FailAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            await RawGrpcServer.SendAsync(context, Convert.FromHexString(hex));
        });

        Assert.Equal(expected, failure.Status);
    }

    [Fact]
    public async Task Every_random_body_ends_with_a_status()
    {
        var random = new Random(20);
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            var bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            await RawGrpcServer.BeginAsync(context);
            await RawGrpcServer.SendAsync(context, bytes);
        });
        using var channel = GrpcCalls.Channel(server.Address);

        for (var i = 0; i < 200; i++)
        {
            await Assert.ThrowsAsync<GrpcException>(
                () => channel.UnaryAsync(GrpcCalls.Method, new DiscoveryRequest(), GrpcCallOptions.None, CancellationToken.None).WaitAsync(GrpcCalls.Patience));
        }
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused()
    {
        var failure = await GrpcCalls.FailAsync(
            async context =>
            {
                await RawGrpcServer.BeginAsync(context);
                await RawGrpcServer.SendAsync(context, RawGrpcServer.Frame(new DiscoveryResponse { Nonce = new string('n', 2000) }));
                RawGrpcServer.EndWith(context, "0");
            },
            new GrpcChannelSettings { MaxReceiveMessageSize = 1000 });

        Assert.Equal(GrpcStatusCode.ResourceExhausted, failure.Status);
        Assert.Contains("1000", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_message_of_a_unary_call_is_an_error()
    {
        var failure = await GrpcCalls.FailAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            await RawGrpcServer.SendAsync(context, RawGrpcServer.Frame(new DiscoveryResponse()));
            await RawGrpcServer.SendAsync(context, RawGrpcServer.Frame(new DiscoveryResponse()));
            RawGrpcServer.EndWith(context, "0");
        });

        Assert.Equal(GrpcStatusCode.Internal, failure.Status);
    }

    [Fact]
    public async Task Success_without_a_message_is_an_error()
    {
        var failure = await GrpcCalls.FailAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            RawGrpcServer.EndWith(context, "0");
        });

        Assert.Equal(GrpcStatusCode.Internal, failure.Status);
    }

    [Theory]
    [InlineData(0x2, GrpcStatusCode.Internal)]
    [InlineData(0x8, GrpcStatusCode.Cancelled)]
    [InlineData(0xb, GrpcStatusCode.ResourceExhausted)]
    public async Task A_reset_stream_is_mapped(int errorCode, object expected)
    {
        var failure = await GrpcCalls.FailAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(errorCode);
        });

        Assert.Equal(expected, failure.Status);
    }

    [Fact]
    public async Task A_closed_port_is_unavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var failure = await GrpcCalls.FailAsync(new Uri($"http://127.0.0.1:{port}"));

        Assert.Equal(GrpcStatusCode.Unavailable, failure.Status);
        Assert.Contains($"127.0.0.1:{port}", failure.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")]
    [InlineData("\0\0\0\u0001\u0002garbage that is no frame of HTTP/2 at all")]
    public async Task A_server_that_speaks_something_else_is_an_error(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var socket = await listener.AcceptSocketAsync();
            await socket.ReceiveAsync(new byte[24]);
            await socket.SendAsync(Encoding.Latin1.GetBytes(answer));
            socket.Shutdown(SocketShutdown.Send);
            while (await socket.ReceiveAsync(new byte[1024]) > 0)
            {
            }
        });

        var failure = await GrpcCalls.FailAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));

        Assert.NotEqual(GrpcStatusCode.Ok, failure.Status);
        await serving.ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(GrpcCalls.Patience);
    }
}
