using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Tests.Cache;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>Rule 16 (gRFC A71): servers in order of preference.</summary>
public sealed class FallbackTests
{
    private readonly ScriptedServer _first = new() { Name = "first" };
    private readonly ScriptedServer _second = new() { Name = "second" };

    [Fact]
    public async Task Rule16_the_second_server_is_asked_when_the_first_cannot_be_reached_and_something_is_unknown()
    {
        _first.Refuse = new IOException("refused");
        await using var mesh = new AdsFixture([_first, _second]);
        var watcher = mesh.Watch(Note.Partial, "a");
        var stream = await _second.AcceptAsync();

        Assert.Equal(["a"], (await stream.NextAsync()).ResourceNames);
        await stream.ExchangeAsync(Note.Partial, "1", "n1", Note.Any(Note.Partial, "a=second's"));

        // Nobody hears of trouble as long as a server is left.
        Assert.Equal("second's", await watcher.NextAsync());
        Assert.True(watcher.IsQuiet);
        Assert.Contains(mesh.Logs.Entries, e => e.Id.Id == 1120 && e.Text.Contains("asked of second", StringComparison.Ordinal));
        var status = await mesh.Client.GetStatusAsync();
        Assert.Equal(("second", true), (status.Server, status.Connected));
        Assert.Equal(["first: ", "second: plain"], status.Servers.Select(s => $"{s.Name}: {(s.Authorities.Count == 0 ? "" : "plain")}").Order());
    }

    [Fact]
    public async Task Rule16_the_first_answer_of_the_first_server_ends_the_fallback_and_nothing_of_the_second_counts_any_more()
    {
        _first.Refuse = new IOException("refused");
        await using var mesh = new AdsFixture([_first, _second]);
        var (watcher, first, second) = await FallBackAsync(mesh);

        // The other server's version is not told.
        var request = await first.NextAsync();
        Assert.Equal("", request.VersionInfo);
        Assert.Equal(["a"], request.ResourceNames);
        await second.ExchangeAsync(Note.Full, "8", "n2", Note.Any(Note.Full, "a=still second's"));
        Assert.Equal("still second's", await watcher.NextAsync());

        await first.ExchangeAsync(Note.Full, "1", "m1", Note.Any(Note.Full, "a=first's"));
        second.Send(Note.Full, "9", "n3", Note.Any(Note.Full, "a=late"));
        await second.ClosedByClient;
        await mesh.SettleAsync();

        Assert.Equal("first's", await watcher.NextAsync());
        Assert.True(watcher.IsQuiet);
        Assert.Contains(mesh.Logs.Entries, e => e.Id.Id == 1121 && e.Text.Contains("second is left", StringComparison.Ordinal));
        Assert.Equal("first", Assert.Single((await mesh.Client.GetStatusAsync()).Servers).Name);
    }

    [Fact]
    public async Task Rule16_what_the_first_server_no_longer_has_goes_when_it_answers_again()
    {
        _first.Refuse = new IOException("refused");
        await using var mesh = new AdsFixture([_first, _second]);
        var (watcher, first, _) = await FallBackAsync(mesh);
        await first.NextAsync();
        await first.ExchangeAsync(Note.Full, "1", "m1");

        Assert.Equal("ambient DoesNotExist", await watcher.NextAsync());
    }

    [Fact]
    public async Task Rule16_a_server_that_is_lost_is_not_left_as_long_as_all_is_known()
    {
        await using var mesh = new AdsFixture([_first, _second]);
        var (known, stream) = await mesh.StartAsync(Note.Partial, "a");
        await stream.ExchangeAsync(Note.Partial, "1", "n1", Note.Any(Note.Partial, "a=x"));
        Assert.Equal("x", await known.NextAsync());
        _first.Refuse = new IOException("refused");
        mesh.Time.Advance(TimeSpan.FromMinutes(1));
        stream.End();
        await _first.AcceptAsync();
        await mesh.Time.WhenArmedAsync(1);
        await mesh.SettleAsync();
        Assert.Equal(0, _second.Opened);
        Assert.True(known.IsQuiet);

        // What nobody knows yet cannot wait for it.
        var unknown = mesh.Watch(Note.Partial, "b");
        var second = await _second.AcceptAsync();
        Assert.Equal(["a", "b"], (await second.NextAsync()).ResourceNames);
        await second.ExchangeAsync(Note.Partial, "1", "n1", Note.Any(Note.Partial, "b=y"));
        Assert.Equal("y", await unknown.NextAsync());
        Assert.True(known.IsQuiet);
    }

    [Fact]
    public async Task Rule16_watchers_hear_of_it_when_no_server_is_left()
    {
        _first.Refuse = new IOException("first refused");
        _second.Refuse = new IOException("second refused");
        await using var mesh = new AdsFixture([_first, _second]);
        var watcher = mesh.Watch(Note.Full, "a");

        Assert.Equal("missing Unreachable", await watcher.NextAsync());
        Assert.Contains("second refused", watcher.LastError!.Message, StringComparison.Ordinal);
        Assert.Equal("missing Unreachable", await mesh.Watch(Note.Full, "b").NextAsync());

        // Both are tried again; the less preferred one may be the first to be back.
        await _first.AcceptAsync();
        await _second.AcceptAsync();
        _second.Refuse = null;
        await mesh.Time.WhenArmedAsync(2);
        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        await _first.AcceptAsync();
        var stream = await _second.AcceptAsync();
        await stream.NextAsync();
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));
        Assert.Equal("x", await watcher.NextAsync());
    }

    [Fact]
    public async Task Rule16_a_stream_that_ends_after_an_answer_is_no_reason()
    {
        await using var mesh = new AdsFixture([_first, _second]);
        var (watcher, stream) = await mesh.StartAsync(Note.Partial, "a");
        mesh.Watch(Note.Partial, "b");
        await stream.NextAsync();
        await stream.ExchangeAsync(Note.Partial, "1", "n1", Note.Any(Note.Partial, "a=x"));
        mesh.Time.Advance(TimeSpan.FromMinutes(1));
        stream.End();
        await (await _first.AcceptAsync()).NextAsync();

        Assert.Equal("x", await watcher.NextAsync());
        Assert.Equal(0, _second.Opened);
    }

    [Fact]
    public async Task Rule16_silence_of_the_first_server_counts_only_while_it_is_the_one_in_use()
    {
        _first.Refuse = new IOException("refused");
        await using var mesh = new AdsFixture([_first, _second]);
        var watcher = mesh.Watch(Note.Partial, "a");
        await _first.AcceptAsync();
        var second = await _second.AcceptAsync();
        _first.Refuse = null;
        await second.NextAsync();
        await mesh.Time.WhenArmedAsync(2);
        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        var first = await _first.AcceptAsync();
        await first.NextAsync();
        mesh.Time.Advance(TimeSpan.FromSeconds(13));
        await mesh.SettleAsync();
        Assert.True(watcher.IsQuiet);

        // It answers, about something else: from now on it has 15 s for this one.
        await first.ExchangeAsync(Note.Partial, "1", "m1");
        await mesh.SettleAsync();
        mesh.Time.Advance(TimeSpan.FromSeconds(14.9));
        await mesh.SettleAsync();
        Assert.True(watcher.IsQuiet);
        mesh.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("missing NotAnswered", await watcher.NextAsync());
    }

    [Fact]
    public async Task Rule16_in_delta_the_first_server_is_told_nothing_that_would_keep_it_from_sending_all()
    {
        var first = new ScriptedServer { Name = "first", Variant = AdsVariant.Delta };
        var second = new ScriptedServer { Name = "second", Variant = AdsVariant.Delta };
        await using var mesh = new AdsFixture([first, second]);
        var (a, stream) = await mesh.StartDeltaAsync(Note.Partial, "a");
        stream.Send(Note.Partial, "n1", "", "a@1=first's");
        Assert.Equal("first's", await a.NextAsync());
        await stream.NextAsync();
        first.RefuseDelta = new IOException("refused");
        mesh.Time.Advance(TimeSpan.FromMinutes(1));
        stream.End();
        await first.AcceptDeltaAsync();
        await mesh.Time.WhenArmedAsync(1);

        mesh.Watch(Note.Partial, "b");
        var other = await second.AcceptDeltaAsync();
        var asked = await other.NextAsync();
        Assert.Equal(["a", "b"], asked.ResourceNamesSubscribe.Order());
        Assert.Empty(asked.InitialResourceVersions);

        first.RefuseDelta = null;
        mesh.Time.Advance(TimeSpan.FromSeconds(10));
        var back = await (await first.AcceptDeltaAsync()).NextAsync();
        Assert.Equal(["a", "b"], back.ResourceNamesSubscribe.Order());
        Assert.Empty(back.InitialResourceVersions);
    }

    [Fact]
    public async Task Live_values_of_the_second_server_come_before_those_of_the_last_process()
    {
        using var disk = new CacheFixture();
        await using (var cache = disk.Open())
        await using (var before = new AdsFixture(cache: cache))
        {
            var (watcher, stream) = await before.StartAsync(Note.Full, "a");
            await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=old"));
            Assert.Equal("old", await watcher.NextAsync());
        }

        _first.Refuse = new IOException("refused");
        await using var again = disk.Open();
        await using var mesh = new AdsFixture([_first, _second], cache: again);
        var late = mesh.Watch(Note.Full, "a");
        var second = await _second.AcceptAsync();
        await second.NextAsync();
        await second.ExchangeAsync(Note.Full, "2", "n1", Note.Any(Note.Full, "a=live"));

        Assert.Equal("live", await late.NextAsync());
    }

    /// <summary>"a" is the second server's, and the first is asked again.</summary>
    private async Task<(RecordingWatcher Watcher, ScriptedStream First, ScriptedStream Second)> FallBackAsync(AdsFixture mesh)
    {
        var watcher = mesh.Watch(Note.Full, "a");
        var second = await _second.AcceptAsync();
        await second.NextAsync();
        await second.ExchangeAsync(Note.Full, "7", "n1", Note.Any(Note.Full, "a=second's"));
        Assert.Equal("second's", await watcher.NextAsync());
        await _first.AcceptAsync();
        _first.Refuse = null;
        await mesh.Time.WhenArmedAsync(1);
        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        return (watcher, await _first.AcceptAsync(), second);
    }
}
