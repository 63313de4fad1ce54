using ProxylessMesh.Client.Connections;

namespace ProxylessMesh.Client.Tests.Connections;

public sealed class ConnectionLanesTests
{
    private readonly List<Recorded> _made = [];

    [Fact]
    public void FewRequestsShareTheFirstLane()
    {
        using var lanes = Lanes(4);

        var used = Enumerable.Range(1, 15).Select(lanes.Of).Distinct();

        Assert.Same(lanes.First, Assert.Single(used));
        Assert.Single(_made);
    }

    [Theory]
    [InlineData(16, 2)]
    [InlineData(47, 3)]
    [InlineData(48, 4)]
    [InlineData(10_000, 4)]
    public void ManyAreSpreadOverOneMoreForEachSixteen(int active, int expected)
    {
        using var lanes = Lanes(4);

        var shares = Enumerable.Repeat(active, 12 * expected).GroupBy(lanes.Of).Select(g => g.Count()).ToArray();

        Assert.Equal(Enumerable.Repeat(12, expected), shares);
        Assert.Equal(expected, _made.Count);
    }

    [Fact]
    public void OneLaneStaysOne()
    {
        using var lanes = Lanes(1);

        Assert.Same(lanes.First, lanes.Of(10_000));
        Assert.Single(_made);
    }

    [Fact]
    public void AllThatWereOpenedAreDisposedOf()
    {
        var lanes = Lanes(2);
        lanes.Of(16);
        lanes.Of(16);

        lanes.Dispose();

        Assert.Equal([true, true], _made.Select(m => m.IsDisposed));
    }

    private ConnectionLanes Lanes(int most) => new(most, () =>
    {
        var made = new Recorded();
        _made.Add(made);
        return made;
    });

    private sealed class Recorded : HttpMessageHandler
    {
        public bool IsDisposed { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("nothing is sent here");

        protected override void Dispose(bool disposing)
        {
            IsDisposed |= disposing;
            base.Dispose(disposing);
        }
    }
}
