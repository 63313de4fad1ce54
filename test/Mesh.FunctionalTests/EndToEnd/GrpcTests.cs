using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>What the official gRPC packages send and expect, over mutual TLS (grpc/doc/PROTOCOL-HTTP2.md).</summary>
public sealed class GrpcTests
{
    private readonly Greeter _greeter = new();

    [Fact]
    public async Task Calls_of_every_kind_pass()
    {
        await using var mesh = await StartAsync();
        var client = await mesh.StartClientAsync();
        using var grpc = await ReadyAsync(client);

        Assert.Equal("hello", MeshGrpc.Text(await grpc.CallAsync(MeshGrpc.Unary, MeshGrpc.Message("hello"))));
        Assert.Equal("3", await CollectAsync(grpc, MeshGrpc.ClientStream, "a", "b", "c"));
        var error = await Assert.ThrowsAsync<GrpcException>(async () => await ReadAllAsync(grpc, MeshGrpc.ServerStream, "5", ["0", "1", "2", "3", "4"]));
        Assert.Equal((GrpcStatusCode.DataLoss, "that is all"), (error.Status, error.Detail));
        Assert.Equal(default, client.Held);
    }

    [Fact]
    public async Task Messages_of_a_duplex_call_pass_one_by_one_and_the_lease_lasts_as_long()
    {
        await using var mesh = await StartAsync();
        var client = await mesh.StartClientAsync();
        using var grpc = await ReadyAsync(client);

        await using (var call = grpc.Open(MeshGrpc.Duplex))
        {
            for (var i = 0; i < 50; i++)
            {
                await call.WriteAsync(MeshGrpc.Message($"{i}"), CancellationToken.None).WaitAsync(Poll.Patience);
                Assert.Equal($"{i}", MeshGrpc.Text(await call.ReadAsync(CancellationToken.None).WaitAsync(Poll.Patience)));
            }

            Assert.Equal((1, 1), (client.Held.Requests, client.Held.Endpoints));
            await call.CompleteAsync();
            Assert.Null(await call.ReadAsync(CancellationToken.None).WaitAsync(Poll.Patience));
            Assert.Equal(default, client.Held);
        }
    }

    [Fact]
    public async Task A_message_of_eight_megabytes_passes_both_ways()
    {
        await using var mesh = await StartAsync();
        var client = await mesh.StartClientAsync();
        using var grpc = await ReadyAsync(client);
        var bytes = new byte[8 * 1024 * 1024];
        new Random(1).NextBytes(bytes);
        var message = new BytesValue { Value = ByteString.CopyFrom(bytes) };

        Assert.Equal(message, await grpc.CallAsync(MeshGrpc.Unary, message));
    }

    [Fact]
    public async Task The_status_stands_where_the_server_put_it()
    {
        await using var mesh = await StartAsync();
        var client = await mesh.StartClientAsync();
        using var grpc = await ReadyAsync(client);

        using var early = await grpc.SendAsync(MeshGrpc.Status, MeshGrpc.Message("5"));
        Assert.Equal((HttpStatusCode.OK, "5"), (early.StatusCode, early.Headers.GetValues("grpc-status").Single()));
        Assert.Equal("as asked: %C3%A4%C3%B6%C3%BC 100%25", early.Headers.GetValues("grpc-message").Single());
        Assert.Equal(default, client.Held);

        using var late = await grpc.SendAsync(MeshGrpc.Unary, MeshGrpc.Message("hello"));
        Assert.Equal(1, client.Held.Requests);
        await late.Content.ReadAsByteArrayAsync();
        Assert.Equal("0", late.TrailingHeaders.GetValues("grpc-status").Single());
        Assert.Equal(default, client.Held);
    }

    [Fact]
    public async Task Unavailable_is_tried_again_and_other_statuses_are_not()
    {
        await using var mesh = await StartAsync();
        var client = await mesh.StartClientAsync();
        using var grpc = await ReadyAsync(client);

        _greeter.Failures = 1;
        Assert.Equal("14", MeshGrpc.Text(await grpc.CallAsync(MeshGrpc.Status, MeshGrpc.Message("14"))));
        Assert.Equal(2, _greeter.Calls);

        _greeter.Failures = int.MaxValue;
        var error = await Assert.ThrowsAsync<GrpcException>(() => grpc.CallAsync(MeshGrpc.Status, MeshGrpc.Message("9")));
        Assert.Equal((GrpcStatusCode.FailedPrecondition, 3), (error.Status, _greeter.Calls));

        using var last = await grpc.SendAsync(MeshGrpc.Status, MeshGrpc.Message("14"));
        Assert.Equal((6, 3), (_greeter.Calls, last.GetMeshOutcome()!.Attempts));
        Assert.Equal("14", last.Headers.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task The_callers_deadline_travels_and_ends_the_call()
    {
        await using var mesh = await StartAsync();
        var client = await mesh.StartClientAsync();
        using var grpc = await ReadyAsync(client);

        var error = await Assert.ThrowsAsync<GrpcException>(() => grpc.CallAsync(MeshGrpc.Hang, MeshGrpc.Message(""), TimeSpan.FromMilliseconds(300)));

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, error.Status);
        Assert.Equal("300000u", _greeter.Timeout);
        await Poll.UntilAsync(() => client.Held == default, "the lease of a call whose deadline passed");
    }

    [Fact]
    public async Task A_call_that_is_cancelled_is_cancelled_at_the_server()
    {
        await using var mesh = await StartAsync();
        var client = await mesh.StartClientAsync();
        using var grpc = await ReadyAsync(client);
        using var cancel = new CancellationTokenSource();
        var call = grpc.CallAsync(MeshGrpc.Hang, MeshGrpc.Message(""), null, cancel.Token);
        await _greeter.Hanging.Task.WaitAsync(Poll.Patience);
        Assert.Equal(1, client.Held.Requests);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Poll.Patience));
        await _greeter.Abandoned.Task.WaitAsync(Poll.Patience);
        await Poll.UntilAsync(() => client.Held == default, "the lease of a cancelled call");
    }

    [Fact]
    public async Task A_duplex_call_that_is_dropped_gives_everything_back()
    {
        await using var mesh = await StartAsync();
        var client = await mesh.StartClientAsync();
        using var grpc = await ReadyAsync(client);

        for (var i = 0; i < 5; i++)
        {
            await using var call = grpc.Open(MeshGrpc.Duplex);
            await call.WriteAsync(MeshGrpc.Message("one"), CancellationToken.None).WaitAsync(Poll.Patience);
            Assert.Equal("one", MeshGrpc.Text(await call.ReadAsync(CancellationToken.None).WaitAsync(Poll.Patience)));
        }

        Assert.Equal(default, client.Held);
    }

    private async Task<MeshEnvironment> StartAsync()
    {
        var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("greeter")), ("security.yaml", Yaml.PeerAuthentication("STRICT")));
        await mesh.StartWorkloadAsync("greeter", map: _greeter.Map);
        return mesh;
    }

    private static async Task<MeshGrpc> ReadyAsync(MeshClient client)
    {
        await client.UntilAsync("http://greeter:9080/", a => a.Peer is not null);
        return new MeshGrpc(client.Mesh);
    }

    private static async Task<string> CollectAsync(MeshGrpc grpc, GrpcMethod<BytesValue, BytesValue> method, params string[] messages)
    {
        await using var call = grpc.Open(method);
        foreach (var message in messages)
        {
            await call.WriteAsync(MeshGrpc.Message(message), CancellationToken.None).WaitAsync(Poll.Patience);
        }

        await call.CompleteAsync();
        return MeshGrpc.Text(await call.ReadAsync(CancellationToken.None).WaitAsync(Poll.Patience));
    }

    private static async Task ReadAllAsync(MeshGrpc grpc, GrpcMethod<BytesValue, BytesValue> method, string request, string[] expected)
    {
        await using var call = grpc.Open(method);
        await call.WriteAsync(MeshGrpc.Message(request), CancellationToken.None).WaitAsync(Poll.Patience);
        await call.CompleteAsync();
        foreach (var message in expected)
        {
            Assert.Equal(message, MeshGrpc.Text(await call.ReadAsync(CancellationToken.None).WaitAsync(Poll.Patience)));
        }

        await call.ReadAsync(CancellationToken.None).WaitAsync(Poll.Patience);
    }
}
