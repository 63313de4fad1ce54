using System.Net;
using System.Threading.Channels;
using ProxylessMesh.Client.NameResolution;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.NameResolution;

public sealed class NameWatchTests
{
    private readonly ScriptedResolver _resolver = new();
    private readonly Channel<int> _changes = Channel.CreateUnbounded<int>();
    private readonly FakeTime _time = new();

    [Theory]
    [InlineData(true, 30, 30)]
    [InlineData(true, 0, 5)]
    [InlineData(false, 30, 5)]
    public async Task NextLookUpComesWhenTheTimeToLiveOrTheRefreshRateSays(bool respect, int timeToLive, int seconds)
    {
        using var watch = Start(DnsConfig.Default with { RespectTtl = respect });
        await _resolver.AnswerAsync(NameAnswer.Of([IPAddress.Loopback], TimeSpan.FromSeconds(timeToLive)));
        await _time.WhenArmedAsync(1);

        _time.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.False(_resolver.IsAsked);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _resolver.AnswerAsync(NameAnswer.Of([IPAddress.Loopback]));
    }

    [Fact]
    public async Task FailureKeepsTheLastKnownAddressesAndIsTriedAgainWithBackOff()
    {
        using var watch = Start(DnsConfig.Default with { FailureBase = TimeSpan.FromSeconds(1), FailureMaximum = TimeSpan.FromSeconds(2) });
        await _resolver.AnswerAsync(NameAnswer.Of([IPAddress.Loopback]));
        await _changes.Reader.ReadAsync();
        await NextAsync(5, NameAnswer.Failed("no such name (NXDOMAIN)"));
        await NextAsync(1, NameAnswer.Failed("no such name (NXDOMAIN)"));

        Assert.Equal([IPAddress.Loopback], watch.Addresses);
        Assert.Equal("no such name (NXDOMAIN)", watch.Error);

        await NextAsync(2, NameAnswer.Of([IPAddress.IPv6Loopback]));
        await _changes.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal([IPAddress.IPv6Loopback], watch.Addresses);
        Assert.Null(watch.Error);
    }

    [Fact]
    public async Task FirstLookUpSettlesItEvenWhenItFails()
    {
        using var watch = Start(DnsConfig.Default);
        Assert.False(watch.Settled.IsCompleted);
        await _resolver.AnswerAsync(NameAnswer.Failed("name server says SERVFAIL"));

        await watch.Settled.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(watch.Addresses);
    }

    private NameWatch Start(DnsConfig config) =>
        new("api.test", config, _resolver, _time, new ZeroRandom(), () => _changes.Writer.TryWrite(1));

    private async Task NextAsync(int seconds, NameAnswer answer)
    {
        await _time.WhenArmedAsync(1);
        _time.Advance(TimeSpan.FromSeconds(seconds));
        await _resolver.AnswerAsync(answer);
        await _time.WhenArmedAsync(1);
    }
}
