using Envoy.Service.Discovery.V3;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Tests.Grpc;

public sealed class GrpcUnaryTests
{
    [Fact]
    public async Task A_message_comes_back_with_its_metadata_and_timeout()
    {
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            var request = await RawGrpcServer.ReceiveAsync(context, DiscoveryRequest.Parser);
            var seen = string.Join(' ', context.Request.Protocol, context.Request.Method, context.Request.ContentType, context.Request.Headers.TE,
                context.Request.Headers["grpc-timeout"], context.Request.Headers.Authorization, context.Request.Path);
            await RawGrpcServer.BeginAsync(context);
            await RawGrpcServer.SendAsync(context, RawGrpcServer.Frame(new DiscoveryResponse { VersionInfo = request!.VersionInfo, Nonce = seen }));
            RawGrpcServer.EndWith(context, "0");
        });
        using var channel = GrpcCalls.Channel(server.Address);
        var options = new GrpcCallOptions(TimeSpan.FromSeconds(25), [new("authorization", "Bearer abc")]);

        var response = await channel.UnaryAsync(GrpcCalls.Method, new DiscoveryRequest { VersionInfo = "7" }, options, CancellationToken.None);

        Assert.Equal("7", response.VersionInfo);
        Assert.Equal(
            "HTTP/2 POST application/grpc trailers 25000000u Bearer abc /envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources",
            response.Nonce);
    }

    [Fact]
    public async Task A_large_message_arrives_whole()
    {
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            var request = await RawGrpcServer.ReceiveAsync(context, DiscoveryRequest.Parser);
            await RawGrpcServer.BeginAsync(context);
            await RawGrpcServer.SendAsync(context, RawGrpcServer.Frame(new DiscoveryResponse { VersionInfo = request!.VersionInfo }));
            RawGrpcServer.EndWith(context, "0");
        });
        using var channel = GrpcCalls.Channel(server.Address);
        var text = new string('x', 3_000_000);

        var response = await channel.UnaryAsync(GrpcCalls.Method, new DiscoveryRequest { VersionInfo = text }, GrpcCallOptions.None, CancellationToken.None);

        Assert.Equal(text, response.VersionInfo);
    }

    [Fact]
    public async Task A_status_in_trailers_is_thrown_with_its_decoded_text()
    {
        var failure = await GrpcCalls.FailAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            RawGrpcServer.EndWith(context, "7", "kein Zutritt f%C3%BCr 50%25");
        });

        Assert.Equal(GrpcStatusCode.PermissionDenied, failure.Status);
        Assert.Equal("kein Zutritt für 50%", failure.Detail);
    }

    [Fact]
    public async Task A_trailers_only_answer_is_a_status()
    {
        var failure = await GrpcCalls.FailAsync(context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "16";
            context.Response.Headers["grpc-message"] = "who are you";
            return Task.CompletedTask;
        });

        Assert.Equal(GrpcStatusCode.Unauthenticated, failure.Status);
        Assert.Equal("who are you", failure.Detail);
    }

    [Fact]
    public async Task The_deadline_is_enforced_here_too()
    {
        var time = new FakeTime();
        var arrived = new TaskCompletionSource();
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var channel = GrpcCalls.Channel(server.Address, time: time);

        var call = channel.UnaryAsync(GrpcCalls.Method, new DiscoveryRequest(), new GrpcCallOptions(TimeSpan.FromSeconds(5)), CancellationToken.None);
        await arrived.Task.WaitAsync(GrpcCalls.Patience);
        time.Advance(TimeSpan.FromSeconds(5));

        var failure = await Assert.ThrowsAsync<GrpcException>(() => call.WaitAsync(GrpcCalls.Patience));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, failure.Status);
    }

    [Fact]
    public async Task The_callers_cancellation_is_a_cancellation_and_reaches_the_server()
    {
        var arrived = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            using var registration = context.RequestAborted.Register(aborted.SetResult);
            arrived.SetResult();
            await aborted.Task;
        });
        using var channel = GrpcCalls.Channel(server.Address);
        using var cancellation = new CancellationTokenSource();

        var call = channel.UnaryAsync(GrpcCalls.Method, new DiscoveryRequest(), GrpcCallOptions.None, cancellation.Token);
        await arrived.Task.WaitAsync(GrpcCalls.Patience);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(GrpcCalls.Patience));
        await aborted.Task.WaitAsync(GrpcCalls.Patience);
    }

    [Fact]
    public async Task Metadata_with_a_line_break_is_refused_without_showing_it()
    {
        using var channel = GrpcCalls.Channel(new Uri("http://127.0.0.1:1"));
        var options = new GrpcCallOptions(Metadata: [new("authorization", "Bearer secret\r\nx: y")]);

        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => channel.UnaryAsync(GrpcCalls.Method, new DiscoveryRequest(), options, CancellationToken.None));

        Assert.Contains("authorization", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
