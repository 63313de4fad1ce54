using ProxylessMesh.Server.Listening;

namespace ProxylessMesh.Server.Tests.Listening;

public sealed class SilentConnectionsTests
{
    [Fact]
    public void The_oldest_gives_way_when_it_is_full()
    {
        var silent = new SilentConnections(2);
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        using var third = new CancellationTokenSource();

        var place = silent.Enter(first);
        silent.Enter(second);
        Assert.False(first.IsCancellationRequested);
        silent.Enter(third);

        Assert.True(first.IsCancellationRequested);
        Assert.False(second.IsCancellationRequested);
        Assert.Equal(2, silent.Count);
        silent.Leave(place);
        Assert.Equal(2, silent.Count);
    }
}
