using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>Whatever a server sends: no crash, no growth, and the last good value stays.</summary>
public sealed class HostileServerTests
{
    private const string Wrapper = "type.googleapis.com/envoy.service.discovery.v3.Resource";

    [Fact]
    public async Task Random_bytes_as_resources()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));
        var random = new Random(20300101);
        var bytes = new byte[200];
        for (var i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            var any = new Any { TypeUrl = i % 2 == 0 ? Wrapper : Note.Full.TypeUrl, Value = ByteString.CopyFrom(bytes, 0, random.Next(200)) };
            Assert.Equal($"r{i}", (await stream.ExchangeAsync(Note.Full, $"{i}", $"r{i}", any, Note.Any(Note.Full, "a=x"))).ResponseNonce);
        }

        Assert.Equal("x", await watcher.NextAsync());
        Assert.True(watcher.IsQuiet);
    }

    [Fact]
    public async Task Random_bytes_as_resources_in_delta()
    {
        await using var mesh = new AdsFixture(variant: AdsVariant.Delta);
        var (watcher, stream) = await mesh.StartDeltaAsync(Note.Full, "a");
        await stream.ExchangeAsync(Note.Full, "n1", "", "a@1=x");
        var random = new Random(20300101);
        var bytes = new byte[200];
        for (var i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            stream.Send(new DeltaDiscoveryResponse
            {
                TypeUrl = Note.Full.TypeUrl,
                Nonce = $"r{i}",
                Resources = { new Resource { Name = i % 3 == 0 ? "" : "b", Resource_ = new Any { TypeUrl = Note.Full.TypeUrl, Value = ByteString.CopyFrom(bytes, 0, random.Next(200)) } } },
            });
            Assert.Equal($"r{i}", (await stream.NextAsync()).ResponseNonce);
        }

        Assert.Equal("x", await watcher.NextAsync());
        Assert.True(watcher.IsQuiet);
    }

    [Fact]
    public async Task Mutated_wrappers()
    {
        await using var mesh = new AdsFixture();
        var (_, stream) = await mesh.StartAsync(Note.Full, "a");
        var random = new Random(7);
        var good = Note.Wrapped(Note.Full, "a", "a=x").Value.ToByteArray();
        for (var i = 0; i < 2000; i++)
        {
            var bytes = (byte[])good.Clone();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            await stream.ExchangeAsync(Note.Full, $"{i}", $"r{i}", new Any { TypeUrl = Wrapper, Value = ByteString.CopyFrom(bytes) });
        }

        Assert.Null((await stream.ExchangeAsync(Note.Full, "ok", "ok", Note.Any(Note.Full, "a=x"))).ErrorDetail);
    }

    [Fact]
    public async Task A_decoder_that_throws_costs_one_resource()
    {
        await using var mesh = new AdsFixture();
        var kind = Note.Full with { Decode = bytes => bytes.IsEmpty ? throw new InvalidOperationException("a bug") : Note.Full.Decode(bytes) };
        var (watcher, stream) = await mesh.StartAsync(kind, "a");

        var nack = await stream.ExchangeAsync(kind, "1", "n1", new Any { TypeUrl = kind.TypeUrl }, Note.Any(kind, "a=x"));

        Assert.Contains("a bug", nack.ErrorDetail.Message, StringComparison.Ordinal);
        Assert.Equal("x", await watcher.NextAsync());
    }

    [Fact]
    public async Task A_hundred_thousand_resources_leave_only_what_was_asked_for()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "n77777");

        var ack = await stream.ExchangeAsync(
            Note.Full, "1", "n1", [.. Enumerable.Range(0, 100_000).Select(i => Note.Any(Note.Full, $"n{i}=x{i}"))]);

        Assert.Null(ack.ErrorDetail);
        Assert.Equal("x77777", await watcher.NextAsync());
        Assert.Single(Assert.Single((await mesh.Client.GetStatusAsync()).Types).Resources);
    }

    [Fact]
    public async Task A_hundred_thousand_bad_resources_and_huge_texts_give_a_short_refusal()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");
        var huge = new string('!', 1_000_000);

        var nack = await stream.ExchangeAsync(
            Note.Full,
            "1",
            "n1",
            [Note.Any(Note.Full, $"a=!{huge}"), .. Enumerable.Range(0, 100_000).Select(i => new Any { TypeUrl = $"{i}{(i == 5 ? huge : "")}" })]);

        Assert.InRange(nack.ErrorDetail.Message.Length, 1, 8192);
        Assert.Contains("more", nack.ErrorDetail.Message, StringComparison.Ordinal);
        Assert.Equal("missing Invalid", await watcher.NextAsync());
        Assert.InRange(watcher.LastError!.Message.Length, 1, 512);
    }

    [Fact]
    public async Task Huge_texts_in_resource_errors_and_statuses_are_cut()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Partial, "a");
        var huge = new string('?', 1_000_000);
        stream.Send(new DiscoveryResponse
        {
            TypeUrl = Note.Partial.TypeUrl,
            Nonce = "n1",
            ResourceErrors =
            {
                new Envoy.Service.Discovery.V3.ResourceError(),
                new Envoy.Service.Discovery.V3.ResourceError { ResourceName = new() { Name = "a" }, ErrorDetail = new() { Code = 14, Message = huge } },
            },
        });
        await stream.NextAsync();
        Assert.Equal("missing Unreachable", await watcher.NextAsync());
        Assert.InRange(watcher.LastError!.Message.Length, 1, 1024);

        mesh.Server.Refuse = new GrpcException(GrpcStatusCode.Internal, huge);
        stream.End();
        await stream.ClosedByClient;
        await mesh.Time.WhenArmedAsync(1);
        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        await mesh.Server.AcceptAsync();
        Assert.Equal("missing Unreachable", await watcher.NextAsync());
        Assert.InRange(watcher.LastError.Message.Length, 1, 1024);
        Assert.All(mesh.Logs.Entries, e => Assert.InRange(e.Text.Length, 1, 8192));
    }

    [Fact]
    public async Task A_stream_that_answers_and_ends_for_ever_is_not_chased()
    {
        await using var mesh = new AdsFixture();
        var watcher = mesh.Watch(Note.Full, "a");
        for (var i = 0; i < 500; i++)
        {
            var stream = await mesh.Server.AcceptAsync();
            await stream.NextAsync();
            await stream.ExchangeAsync(Note.Full, "1", $"n{i}", Note.Any(Note.Full, "a=x"));
            stream.End();
            await stream.ClosedByClient;
            await mesh.Time.WhenArmedAsync(1);
            Assert.Equal(i + 1, mesh.Server.Opened);
            mesh.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("x", await watcher.NextAsync());
        Assert.True(watcher.IsQuiet);
    }

    [Fact]
    public async Task A_server_that_never_reads_does_not_make_requests_pile_up()
    {
        await using var mesh = new AdsFixture();
        var (_, stream) = await mesh.StartAsync(Note.Full, "a");
        var gate = new TaskCompletionSource();
        stream.Writable = gate.Task;
        for (var i = 0; i < 1000; i++)
        {
            mesh.Watch(Note.Full, $"n{i}");
            await mesh.SettleAsync();
        }

        gate.SetResult();
        var requests = 1;
        while ((await stream.NextAsync()).ResourceNames.Count < 1001)
        {
            requests++;
        }

        // One was being written, one waited.
        Assert.InRange(requests, 1, 2);
    }
}
