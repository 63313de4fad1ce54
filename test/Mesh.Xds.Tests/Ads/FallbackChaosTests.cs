using System.Diagnostics;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>
/// Rule 16 as a property: three servers come and go at random while resources change and watchers come and go. When it is over, all
/// values are those of the first server, and no other one is used.
/// </summary>
public sealed class FallbackChaosTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 1)]
    public async Task Rule16_after_any_outages_all_is_the_first_servers(int seed, int variant)
    {
        var random = new Random(seed);
        var time = new FakeTime();
        var servers = Enumerable.Range(0, 3).Select(i => new AnsweringServer($"s{i}", (AdsVariant)variant)).ToArray();
        var logs = new CollectedLogs();
        await using var client = new XdsClient(servers, AdsFixture.Node(), time, new SeededRandom(seed), logs);
        var watched = new Dictionary<string, (LastValue Value, IDisposable Subscription)>();

        // At least once it is as it should be.
        servers[0].IsUp = false;
        var last = new LastValue();
        watched["last"] = (last, client.Watch(Note.Full, "last", last));
        await UntilAsync(() => last.Text == "s1 1", client, time);
        for (var step = 0; step < 400; step++)
        {
            var name = $"n{random.Next(6)}";
            switch (random.Next(4))
            {
                case 0:
                    var server = servers[random.Next(3)];
                    server.IsUp = !server.IsUp;
                    break;
                case 1 when !watched.ContainsKey(name):
                    var value = new LastValue();
                    watched[name] = (value, client.Watch(Note.Full, name, value));
                    break;
                case 1 when watched.Remove(name, out var gone):
                    gone.Subscription.Dispose();
                    break;
                case 2:
                    servers[random.Next(3)].Change(name);
                    break;
                case 3:
                    time.Advance(TimeSpan.FromSeconds(random.Next(20)));
                    break;
            }

            // The streams have tasks of their own; some are ahead of the next step, some are not.
            for (var pause = random.Next(8); pause > 0; pause--)
            {
                await client.GetStatusAsync();
                await Task.Yield();
            }
        }

        foreach (var server in servers)
        {
            server.IsUp = true;
        }

        await UntilAsync(() => IsSettled(servers, watched), client, time);
        Assert.Equal([1, 0, 0], servers.Select(s => s.OpenStreams));
        Assert.All(watched, w => Assert.Equal(servers[0].ValueOf(w.Key), w.Value.Value.Text));
        Assert.Contains(logs.Entries, e => e.Id.Id == 1120);
        Assert.Contains(logs.Entries, e => e.Id.Id == 1121);
        Assert.Equal("s0", Assert.Single((await client.GetStatusAsync()).Servers).Name);
    }

    /// <summary>Lets time pass until it is so, or gives up.</summary>
    private static async Task UntilAsync(Func<bool> isSo, XdsClient client, FakeTime time)
    {
        var patience = Stopwatch.StartNew();
        while (!isSo() && patience.Elapsed < s_patience)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await client.GetStatusAsync();
            await Task.Yield();
        }
    }

    private static bool IsSettled(AnsweringServer[] servers, Dictionary<string, (LastValue Value, IDisposable Subscription)> watched) =>
        servers[0].OpenStreams == 1 && servers[1].OpenStreams == 0 && servers[2].OpenStreams == 0
        && watched.All(w => w.Value.Value.Text == servers[0].ValueOf(w.Key));

    private sealed class LastValue : IResourceWatcher<Note>
    {
        private volatile string? _text;

        public string? Text => _text;

        public void OnChanged(Note resource) => _text = resource.Text;

        public void OnMissing(ResourceError error) => _text = null;

        public void OnAmbientError(ResourceError error)
        {
        }
    }
}
