using Envoy.Service.Discovery.V3;
using Microsoft.AspNetCore.Http.Features;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Tests.Grpc;

public sealed class GrpcDuplexTests
{
    [Fact]
    public async Task Messages_go_both_ways_until_the_client_completes()
    {
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            while (await RawGrpcServer.ReceiveAsync(context, DiscoveryRequest.Parser) is { } request)
            {
                await RawGrpcServer.SendAsync(context, RawGrpcServer.Frame(new DiscoveryResponse { Nonce = request.ResponseNonce }));
            }

            RawGrpcServer.EndWith(context, "0");
        });
        using var channel = GrpcCalls.Channel(server.Address);
        await using var call = channel.Duplex(GrpcCalls.Method, GrpcCallOptions.None);

        for (var i = 0; i < 100; i++)
        {
            await call.WriteAsync(new DiscoveryRequest { ResponseNonce = $"{i}" }, CancellationToken.None);
            Assert.Equal($"{i}", (await call.ReadAsync(CancellationToken.None).WaitAsync(GrpcCalls.Patience))!.Nonce);
        }

        await call.CompleteAsync();
        Assert.Null(await call.ReadAsync(CancellationToken.None).WaitAsync(GrpcCalls.Patience));
        Assert.Null(await call.ReadAsync(CancellationToken.None).WaitAsync(GrpcCalls.Patience));
    }

    [Fact]
    public async Task The_server_may_speak_first()
    {
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            await RawGrpcServer.SendAsync(context, RawGrpcServer.Frame(new DiscoveryResponse { Nonce = "hello" }));
            await RawGrpcServer.ReceiveAsync(context, DiscoveryRequest.Parser);
            RawGrpcServer.EndWith(context, "0");
        });
        using var channel = GrpcCalls.Channel(server.Address);
        await using var call = channel.Duplex(GrpcCalls.Method, GrpcCallOptions.None);

        Assert.Equal("hello", (await call.ReadAsync(CancellationToken.None).WaitAsync(GrpcCalls.Patience))!.Nonce);
    }

    [Fact]
    public async Task The_servers_status_ends_reading_and_writing()
    {
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            await RawGrpcServer.ReceiveAsync(context, DiscoveryRequest.Parser);
            RawGrpcServer.EndWith(context, "3", "no node");
        });
        using var channel = GrpcCalls.Channel(server.Address);
        await using var call = channel.Duplex(GrpcCalls.Method, GrpcCallOptions.None);

        await call.WriteAsync(new DiscoveryRequest(), CancellationToken.None);
        var failure = await Assert.ThrowsAsync<GrpcException>(() => call.ReadAsync(CancellationToken.None).WaitAsync(GrpcCalls.Patience));
        var later = await Assert.ThrowsAsync<GrpcException>(() => call.WriteAsync(new DiscoveryRequest(), CancellationToken.None));

        Assert.Equal(GrpcStatusCode.InvalidArgument, failure.Status);
        Assert.Equal("no node", failure.Detail);
        Assert.Equal(GrpcStatusCode.InvalidArgument, later.Status);
    }

    [Fact]
    public async Task A_writer_does_not_wait_for_a_connection_that_failed()
    {
        using var channel = GrpcCalls.Channel(new Uri("http://127.0.0.1:1"));
        await using var call = channel.Duplex(GrpcCalls.Method, GrpcCallOptions.None);

        var failure = await Assert.ThrowsAsync<GrpcException>(() => call.WriteAsync(new DiscoveryRequest(), CancellationToken.None).WaitAsync(GrpcCalls.Patience));

        Assert.Equal(GrpcStatusCode.Unavailable, failure.Status);
    }

    [Fact]
    public async Task A_reset_by_the_server_ends_the_call()
    {
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            await RawGrpcServer.ReceiveAsync(context, DiscoveryRequest.Parser);
            context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(0x8);
        });
        using var channel = GrpcCalls.Channel(server.Address);
        await using var call = channel.Duplex(GrpcCalls.Method, GrpcCallOptions.None);

        await call.WriteAsync(new DiscoveryRequest(), CancellationToken.None);
        var failure = await Assert.ThrowsAsync<GrpcException>(() => call.ReadAsync(CancellationToken.None).WaitAsync(GrpcCalls.Patience));

        Assert.Equal(GrpcStatusCode.Cancelled, failure.Status);
    }

    [Fact]
    public async Task A_server_that_goes_away_is_unavailable()
    {
        var server = await RawGrpcServer.StartAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            await RawGrpcServer.ReceiveAsync(context, DiscoveryRequest.Parser);
            context.Features.GetRequiredFeature<Microsoft.AspNetCore.Connections.Features.IConnectionLifetimeFeature>().Abort();
        });
        await using var disposing = server;
        using var channel = GrpcCalls.Channel(server.Address);
        await using var call = channel.Duplex(GrpcCalls.Method, GrpcCallOptions.None);

        await call.WriteAsync(new DiscoveryRequest(), CancellationToken.None);
        var failure = await Assert.ThrowsAsync<GrpcException>(() => call.ReadAsync(CancellationToken.None).WaitAsync(GrpcCalls.Patience));

        Assert.Equal(GrpcStatusCode.Unavailable, failure.Status);
    }

    [Fact]
    public async Task Disposing_cancels_on_the_server()
    {
        var aborted = new TaskCompletionSource();
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            using var registration = context.RequestAborted.Register(aborted.SetResult);
            await RawGrpcServer.BeginAsync(context);
            await RawGrpcServer.SendAsync(context, RawGrpcServer.Frame(new DiscoveryResponse()));
            await aborted.Task;
        });
        using var channel = GrpcCalls.Channel(server.Address);
        var call = channel.Duplex(GrpcCalls.Method, GrpcCallOptions.None);
        await call.ReadAsync(CancellationToken.None).WaitAsync(GrpcCalls.Patience);

        await call.DisposeAsync();

        await aborted.Task.WaitAsync(GrpcCalls.Patience);
    }

    [Fact]
    public async Task Cancelling_a_read_is_a_cancellation()
    {
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            await RawGrpcServer.ReceiveAsync(context, DiscoveryRequest.Parser);
        });
        using var channel = GrpcCalls.Channel(server.Address);
        await using var call = channel.Duplex(GrpcCalls.Method, GrpcCallOptions.None);
        using var cancellation = new CancellationTokenSource();

        var reading = call.ReadAsync(cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(GrpcCalls.Patience));
    }

    [Fact]
    public async Task The_deadline_ends_a_stream()
    {
        var time = new FakeTime();
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            await RawGrpcServer.SendAsync(context, RawGrpcServer.Frame(new DiscoveryResponse()));
            await RawGrpcServer.ReceiveAsync(context, DiscoveryRequest.Parser);
        });
        using var channel = GrpcCalls.Channel(server.Address, time: time);
        await using var call = channel.Duplex(GrpcCalls.Method, new GrpcCallOptions(TimeSpan.FromMinutes(1)));

        Assert.NotNull(await call.ReadAsync(CancellationToken.None).WaitAsync(GrpcCalls.Patience));
        var reading = call.ReadAsync(CancellationToken.None);
        time.Advance(TimeSpan.FromMinutes(1));

        var failure = await Assert.ThrowsAsync<GrpcException>(() => reading.WaitAsync(GrpcCalls.Patience));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, failure.Status);
    }
}
