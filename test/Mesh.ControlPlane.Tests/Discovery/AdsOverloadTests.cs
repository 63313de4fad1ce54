using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Tests.Grpc;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;
using static ProxylessMesh.ControlPlane.Tests.Discovery.FakeResources;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

/// <summary>What one client does must cost a bounded amount, and the others nothing.</summary>
public sealed class AdsOverloadTests
{
    private static readonly FakeResources First = new("1", new() { [(Rds, "r1")] = "R1" });

    [Fact]
    public async Task A_node_has_so_many_streams_and_another_node_has_its_own()
    {
        await using var server = await StartAsync(new AdsSettings { MaxStreamsPerNode = 2 });
        var streams = Enumerable.Range(0, 10).Select(_ => server.Connect()).ToList();
        var outcomes = new List<bool>();
        foreach (var stream in streams)
        {
            await stream.SendAsync(Rds, ["r1"], node: AdsTestServer.Node());
            outcomes.Add(await IsServedAsync(stream));
        }

        await using var other = server.Connect();
        await other.SendAsync(Rds, ["r1"], node: AdsTestServer.Node(id: "other"));

        Assert.Equal(2, outcomes.Count(served => served));
        Assert.True(await IsServedAsync(other));
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    [Fact]
    public async Task Streams_beyond_the_limit_are_sent_away()
    {
        await using var server = await StartAsync(new AdsSettings { MaxStreams = 1 });
        await using var first = server.Connect();
        await first.SendAsync(Rds, ["r1"], node: AdsTestServer.Node());
        await first.ReceiveAsync();
        await using var second = server.ConnectDelta();

        Assert.Equal(GrpcStatusCode.Unavailable, (await second.FailAsync()).Status);
        Assert.Contains(server.Logs.Entries, e => e.Id.Id == 4220);
    }

    [Fact]
    public async Task A_stream_that_says_nothing_is_ended()
    {
        var time = new FakeTime();
        await using var server = await AdsTestServer.StartAsync(time: time);
        server.Ads.Publish(First);
        await using var silent = server.ConnectDelta();
        await time.WhenArmedAsync(1);

        time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await silent.FailAsync()).Status);
    }

    [Fact]
    public async Task A_million_names_end_the_stream_and_leave_others_alone()
    {
        await using var server = await StartAsync();
        await using var other = server.ConnectDelta();
        await other.SendAsync(Rds, ["r1"], node: AdsTestServer.Node(id: "other"));
        await other.ReceiveAndAckAsync();
        await using var greedy = server.ConnectDelta();
        await greedy.SendAsync(Rds, ["r1"], node: AdsTestServer.Node());
        var sent = 0;
        try
        {
            for (; sent < 1_000_000; sent += 1000)
            {
                await greedy.SendAsync(Rds, [.. Enumerable.Range(sent, 1000).Select(n => $"{n}")]);
            }
        }
        catch (GrpcException)
        {
            // Why, the stream says.
        }

        var ended = await greedy.FailAsync();
        Assert.InRange(sent, 10_000, 999_999);
        Assert.Equal(GrpcStatusCode.ResourceExhausted, ended.Status);
        server.Ads.Publish(new FakeResources("2", new() { [(Rds, "r1")] = "R2" }));
        Assert.Equal("RouteConfiguration 2: R2", await other.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_client_that_refuses_for_ever_is_logged_now_and_then_and_kept_up_to_date()
    {
        var time = new FakeTime();
        await using var server = await AdsTestServer.StartAsync(time: time);
        server.Ads.Publish(First);
        await using var client = server.ConnectDelta();
        await client.SendAsync(Rds, ["r1"], node: AdsTestServer.Node());
        for (var i = 2; i < 500; i++)
        {
            var response = await client.ReceiveAsync();
            server.Ads.Publish(new FakeResources($"{i}", new() { [(Rds, "r1")] = $"R{i}" }));
            await client.SendAsync(Rds, nonce: response.Nonce, error: $"reason {i}: {new string('x', 100_000)}");
        }

        Assert.StartsWith("RouteConfiguration 4", await client.ReceiveTextAsync(), StringComparison.Ordinal);
        Assert.InRange(server.Logs.Entries.Count(e => e.Id.Id == 4203), 1, 20);
        Assert.All(Assert.Single(server.Ads.Clients).Types.Single().Refused, r => Assert.InRange(r.Error.Length, 1, Refusals.MaxText));
    }

    [Fact]
    public async Task A_client_that_never_answers_gets_the_newest_state_like_any_other()
    {
        await using var server = await StartAsync();
        await using var silent = server.ConnectDelta();
        await silent.SendAsync(Rds, ["r1"], node: AdsTestServer.Node());
        Assert.Equal("RouteConfiguration 1: R1", await silent.ReceiveTextAsync());
        for (var i = 2; i < 100; i++)
        {
            server.Ads.Publish(new FakeResources($"{i}", new() { [(Rds, "r1")] = $"R{i}" }));
            Assert.Equal($"RouteConfiguration {i}: R{i}", await silent.ReceiveTextAsync());
        }

        Assert.Equal(SyncState.Stale, Assert.Single(server.Ads.Clients).Types.Single().State);
    }

    [Fact]
    public async Task A_storm_is_spread_over_time_and_what_would_wait_too_long_is_refused()
    {
        var time = new FakeTime();
        var admission = new StreamAdmission(burst: 3, perSecond: 10, longestWait: TimeSpan.FromMilliseconds(250), time);
        var waiting = new List<Task<bool>>();
        for (var i = 0; i < 10; i++)
        {
            waiting.Add(admission.EnterAsync(CancellationToken.None).AsTask());
        }

        Assert.All(waiting.Take(3), w => Assert.True(w.IsCompletedSuccessfully && w.Result));
        Assert.All(waiting.Skip(5), w => Assert.False(w.IsCompletedSuccessfully && w.Result));
        time.Advance(TimeSpan.FromMilliseconds(200));
        await Task.WhenAll(waiting).WaitAsync(GrpcTestServer.Patience);
        Assert.Equal([true, true, true, true, true, false, false, false, false, false], waiting.Select(w => w.Result));

        // After a quiet time the burst is there again, and no more than that.
        time.Advance(TimeSpan.FromHours(1));
        Assert.All(Enumerable.Range(0, 3), _ => Assert.True(admission.EnterAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully));
    }

    [Fact]
    public void The_text_of_a_refusal_names_resources()
    {
        var sent = new HashSet<string> { "outbound|9080||reviews", "reviews:9080", "other" };

        Assert.Equal(
            [new RefusedResource("outbound|9080||reviews", "CDS \"outbound|9080||reviews\": no"), new("reviews:9080", "reviews:9080: neither")],
            Refusals.Read("CDS \"outbound|9080||reviews\": no\nreviews:9080: neither", sent.Contains).ToArray());
        Assert.Equal([new RefusedResource("", "it is all wrong")], Refusals.Read("it is all wrong", sent.Contains).ToArray());
        Assert.InRange(Refusals.Read(string.Join(' ', Enumerable.Range(0, 1000)), _ => true).Length, 1, 32);
    }

    private static async Task<bool> IsServedAsync(AdsTestClient client)
    {
        try
        {
            await client.ReceiveAsync();
            return true;
        }
        catch (GrpcException e)
        {
            Assert.Equal(GrpcStatusCode.ResourceExhausted, e.Status);
            return false;
        }
    }

    private static Task<AdsTestServer> StartAsync(AdsSettings? settings = null) => AdsTestServer.StartAsync(First, settings);
}
