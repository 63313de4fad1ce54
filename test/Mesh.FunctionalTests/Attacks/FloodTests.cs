using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Attacks;

/// <summary>HTTP/2 connections that cost a server much and their client nothing: they end or are slowed down, others do not notice.</summary>
public sealed class FloodTests(AttackedMesh mesh) : IClassFixture<AttackedMesh>
{
    private const byte Priority = 2;
    private const byte Continuation = 9;
    private const long Bound = 128 * 1024 * 1024;

    private static readonly (string, string)[] Get = [(":method", "GET"), (":scheme", "http"), (":path", "/flood"), (":authority", "reviews")];
    private static readonly (string, string)[] Post = [(":method", "POST"), (":scheme", "http"), (":path", "/flood"), (":authority", "reviews")];

    [Fact]
    public Task Requests_that_are_reset_at_once() => AttackAsync(secure: true, async attack =>
    {
        for (var i = 0; i < 10_000; i++)
        {
            attack.AddRequest((2 * i) + 1, Get);
            attack.Add(Http2Frame.RstStream, 0, (2 * i) + 1, [0, 0, 0, 8]);
            if (i % 100 == 99)
            {
                await attack.FlushAsync();
            }
        }
    });

    [Fact]
    public Task Empty_DATA_frames() => AttackAsync(secure: false, async attack =>
    {
        attack.Add(Http2Frame.Headers, Http2Attack.EndHeaders, 1, Http2Attack.Block(Post));
        await RepeatAsync(attack, 50_000, () => attack.Add(Http2Frame.Data, 0, 1, []));
    });

    [Fact]
    public Task Headers_that_never_end() => AttackAsync(secure: false, async attack =>
    {
        attack.Add(Http2Frame.Headers, Http2Attack.EndStream, 1, Http2Attack.Block(Get));
        var crumb = Http2Attack.Block(("cookie", new string('a', 1000)));
        await RepeatAsync(attack, 20_000, () => attack.Add(Continuation, 0, 1, crumb));
    });

    [Fact]
    public Task Empty_CONTINUATION_frames() => AttackAsync(secure: false, async attack =>
    {
        attack.Add(Http2Frame.Headers, Http2Attack.EndStream, 1, Http2Attack.Block(Get));
        await RepeatAsync(attack, 50_000, () => attack.Add(Continuation, 0, 1, []));
    });

    [Theory]
    [InlineData(Http2Frame.Ping)]
    [InlineData(Http2Frame.Settings)]
    [InlineData(Priority)]
    [InlineData(Http2Frame.WindowUpdate)]
    public Task Frames_that_want_an_answer_or_none(byte type) => AttackAsync(secure: false, async attack =>
    {
        byte[] payload = type switch
        {
            Http2Frame.Ping => new byte[8],
            Http2Frame.Settings => [0, 4, 0, 0, 0x10, 0],
            Http2Frame.WindowUpdate => [0, 0, 0, 1],
            _ => [0, 0, 0, 1, 1],
        };
        await RepeatAsync(attack, 50_000, () => attack.Add(type, 0, type == Priority ? 3 : 0, payload));
    });

    [Fact]
    public Task Responses_that_are_never_taken() => AttackAsync(
        secure: true,
        async attack =>
        {
            for (var i = 0; i < 100; i++)
            {
                attack.AddRequest((2 * i) + 1, [.. Get.Select(f => f.Item1 == ":path" ? (":path", "/big") : f)]);
            }

            await attack.FlushAsync();
        },
        streamWindow: 0);

    [Fact]
    public async Task Crumbs_of_a_cookie_count_as_the_headers_that_they_are()
    {
        await using var attack = await mesh.OpenHttp2Async(secure: true);
        var crumbs = Enumerable.Range(0, 90).Select(i => ("cookie", $"c{i}=" + new string('a', 500)));

        attack.AddRequest(1, Get);
        await attack.FlushAsync();
        Assert.Equal(200, await attack.StatusAsync(1));
        var block = Http2Attack.Block([.. Get, .. crumbs]);
        attack.Add(Http2Frame.Headers, Http2Attack.EndStream, 3, block[..16_000]);
        attack.Add(Continuation, 0, 3, block[16_000..32_000]);
        attack.Add(Continuation, Http2Attack.EndHeaders, 3, block[32_000..]);
        await attack.FlushAsync();

        Assert.Contains(await attack.StatusAsync(3), (int[])[0, 431]);
    }

    [Fact]
    public async Task A_thousand_connections_that_do_nothing_after_their_preface()
    {
        var attacks = new List<Http2Attack>();
        for (var i = 0; i < 1000; i++)
        {
            attacks.Add(await mesh.OpenHttp2Async(secure: false));
        }

        await mesh.AssertServesAsync();
        foreach (var attack in attacks)
        {
            await attack.DisposeAsync();
        }
    }

    private static async Task RepeatAsync(Http2Attack attack, int times, Action add)
    {
        for (var i = 0; i < times; i++)
        {
            add();
            if (i % 1000 == 999)
            {
                await attack.FlushAsync();
            }
        }
    }

    private async Task AttackAsync(bool secure, Func<Http2Attack, Task> flood, uint streamWindow = int.MaxValue)
    {
        await mesh.AssertServesAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var attack = await mesh.OpenHttp2Async(secure, streamWindow);
        var flooding = FloodAsync(attack, flood);

        // While it goes on, and when it has: nobody else is affected.
        do
        {
            await mesh.AssertServesAsync();
        }
        while (!flooding.IsCompleted);

        await flooding;
        await mesh.AssertServesAsync();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, Bound);
    }

    // A server that will take no more does not read on: as good as one that closes.
    private static async Task FloodAsync(Http2Attack attack, Func<Http2Attack, Task> flood)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        var sending = flood(attack);
        try
        {
            await sending.WaitAsync(patience.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            _ = sending.ContinueWith(t => t.Exception, TaskScheduler.Default);
        }
    }
}
