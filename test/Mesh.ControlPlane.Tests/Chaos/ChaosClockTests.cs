using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.Chaos;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Testing;
using static ProxylessMesh.ControlPlane.Tests.Model.Mesh;

namespace ProxylessMesh.ControlPlane.Tests.Chaos;

public sealed class ChaosClockTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly CollectedLogs _logs = new();
    private readonly ChaosClock _clock;
    private int _changes;

    public ChaosClockTests()
    {
        _clock = new ChaosClock(_time, _logs.CreateLogger<ChaosClock>());
        _clock.Changed += () => _changes++;
    }

    public void Dispose() => _clock.Dispose();

    [Fact]
    public void AnExperimentCountsFromItsStartToItsExpiry()
    {
        ImmutableArray<MeshObject> objects = [Service("reviews"), Experiment("a", begin: 1, end: 3), Experiment("b", begin: 2, end: 5)];

        Assert.Equal([(0, 1), (1, 2), (2, 3), (3, 2), (4, 2), (5, 1), (6, 1)], Enumerable.Range(0, 7).Select(minute =>
        {
            var seen = (minute, _clock.Current(objects).Length);
            _time.Advance(TimeSpan.FromMinutes(1));
            return seen;
        }));
        Assert.Equal(4, _changes);
        Assert.Equal([4500, 4500, 4501, 4501], _logs.Entries.Select(e => e.Id.Id));
        Assert.Contains("ChaosExperiment default/a ended: its time is over.", _logs.Entries.Select(e => e.Text));
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact]
    public void OneThatIsRemovedHasEnded()
    {
        _clock.Current([Experiment("a", begin: 0, end: 3)]);
        _clock.Current([]);

        Assert.Equal("ChaosExperiment default/a ended: it was removed.", _logs.Entries.Last().Text);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact]
    public void WithoutExperimentsNothingIsCopied()
    {
        ImmutableArray<MeshObject> objects = [Service("reviews")];

        Assert.True(_clock.Current(objects) == objects);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact]
    public void ADistantStartIsFoundInTime()
    {
        ImmutableArray<MeshObject> objects = [Experiment("a", begin: 200 * 24 * 60, end: (200 * 24 * 60) + 1)];
        for (var day = 0; day < 200; day++)
        {
            Assert.Empty(_clock.Current(objects));
            _time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Single(_clock.Current(objects));
    }

    private ChaosExperiment Experiment(string id, int begin, int end) => new(
        Meta("ChaosExperiment", id),
        ["reviews"],
        new HttpFault(null, new FaultAbort(503, null, 1)),
        new FakeTime().GetUtcNow().AddMinutes(begin),
        new FakeTime().GetUtcNow().AddMinutes(end));
}
