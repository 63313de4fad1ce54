using ProxylessMesh.Sidecar.Tcp;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Sidecar.Tests.Tcp;

public sealed class IdleLimitTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    [Fact]
    public void It_fires_when_nothing_has_travelled_for_as_long()
    {
        var time = new FakeTime();
        using var idle = new IdleLimit(Limit, time);

        time.Advance(Limit - TimeSpan.FromSeconds(1));
        Assert.False(idle.Token.IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(idle.Token.IsCancellationRequested);
    }

    [Fact]
    public void What_travels_begins_it_anew()
    {
        var time = new FakeTime();
        using var idle = new IdleLimit(Limit, time);

        time.Advance(TimeSpan.FromMinutes(6));
        idle.Touch();
        time.Advance(TimeSpan.FromMinutes(6));
        Assert.False(idle.Token.IsCancellationRequested);
        time.Advance(TimeSpan.FromMinutes(4));

        Assert.True(idle.Token.IsCancellationRequested);
    }
}
