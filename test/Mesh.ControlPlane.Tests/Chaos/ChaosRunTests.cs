using ProxylessMesh.ControlPlane.Chaos;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Sources.Files;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.Testing;

namespace ProxylessMesh.ControlPlane.Tests.Chaos;

public sealed class ChaosRunTests : IDisposable
{
    private const string Services = """
        {apiVersion: v1, kind: Service, metadata: {name: reviews}, spec: {selector: {app: reviews}, ports: [{port: 9080, name: http}]}}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: ratings, namespace: shop}, spec: {selector: {app: ratings}, ports: [{port: 9080, name: http}]}}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTime _time = new();
    private readonly StringWriter _progress = new();

    public ChaosRunTests() => _folder.Write("services.yaml", Services);

    public void Dispose() => _folder.Dispose();

    private ChaosOptions Options => new()
    {
        ConfigDirectory = _folder.Path,
        Faults = [new HttpFault(new FaultDelay(TimeSpan.FromSeconds(1.5), 5000), null), new HttpFault(null, new FaultAbort(null, 14, 1_000_000))],
        Every = TimeSpan.FromHours(1),
        Duration = TimeSpan.FromMinutes(10),
    };

    [Fact]
    public async Task ARoundPutsAnExperimentIntoTheFolderAndTakesItBack()
    {
        var run = Run(Options with { MaxServices = 2, Rounds = 2 });
        var running = run.RunAsync(CancellationToken.None);
        await NextTimerAsync(TimeSpan.Zero);
        await _time.WhenArmedAsync(1);

        var snapshot = new ChaosFolder(_folder.Path, new MeshSettings(), _time).Read();
        Assert.Empty(snapshot.Problems);
        Assert.Equal(
            [
                ("default", "reviews.default.svc.cluster.local"),
                ("shop", "ratings.shop.svc.cluster.local"),
            ],
            snapshot.Objects.OfType<ChaosExperiment>().Select(e => (e.Meta.Id.Namespace, Assert.Single(e.Hosts))).Order());
        Assert.All(snapshot.Objects.OfType<ChaosExperiment>(), e =>
        {
            Assert.Equal((_time.GetUtcNow(), _time.GetUtcNow().AddMinutes(10)), (e.Starts, e.Expires));
            Assert.Contains(e.Fault, Options.Faults);
        });

        _time.Advance(TimeSpan.FromMinutes(10));
        await _time.WhenArmedAsync(1);
        Assert.Empty(Experiments());

        _time.Advance(TimeSpan.FromMinutes(50));
        await _time.WhenArmedAsync(1);
        Assert.Equal(2, Experiments().Count());
        _time.Advance(TimeSpan.FromMinutes(10));
        await running;

        Assert.Empty(Experiments());
        Assert.Equal(["reverted", "reverted", "reverted", "reverted"], run.Records.Select(r => r.Outcome));
        Assert.All(run.Records, r => Assert.Equal(TimeSpan.FromMinutes(10), r.Ended - r.Began));
        Assert.Equal(TimeSpan.FromHours(1), run.Records[^1].Began - run.Records[0].Began);
    }

    [Fact]
    public async Task AnInterruptionTakesTheFaultBackAtOnce()
    {
        using var stop = new CancellationTokenSource();
        var run = Run(Options);
        var running = run.RunAsync(stop.Token);
        await NextTimerAsync(TimeSpan.Zero);
        await _time.WhenArmedAsync(1);
        Assert.Single(Experiments());

        await stop.CancelAsync();
        await running;

        Assert.Empty(Experiments());
        Assert.Equal("interrupted", Assert.Single(run.Records).Outcome);
    }

    [Fact]
    public async Task RemovesWhatAKilledPredecessorLeftBehindAndNothingElse()
    {
        var folder = new ChaosFolder(_folder.Path, new MeshSettings(), _time);
        var pick = new ChaosPick(new ChaosTarget("reviews.default.svc.cluster.local", "default", IsService: true, Protection: null), Options.Faults[0]);
        folder.Write([pick], _time.GetUtcNow(), _time.GetUtcNow().AddMinutes(1));
        _folder.Write("by-hand.yaml", """
            apiVersion: proxylessmesh.io/v1alpha1
            kind: ChaosExperiment
            metadata: {name: by-hand}
            spec: {hosts: [reviews], fault: {delay: {fixedDelay: 1s, percentage: {value: 1}}}, starts: "2029-01-01T00:00:00Z", expires: "2029-01-01T00:10:00Z"}
            """);
        Assert.Equal(2, Experiments().Count());
        _time.Advance(TimeSpan.FromMinutes(2));
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        await Run(Options).RunAsync(stopped.Token);

        Assert.Equal("by-hand", Assert.Single(Experiments()).Meta.Id.Name);
    }

    [Fact]
    public void APlanRollsTheSameDiceAndDoesNothing()
    {
        var plan = Run(Options).Plan(3);

        Assert.Equal(["2030-01-01 00:00:00Z", "2030-01-01 01:00:00Z", "2030-01-01 02:00:00Z"], plan.Select(r => $"{r.Began:u}"));
        Assert.Equal(plan, Run(Options).Plan(3));
        Assert.Empty(Experiments());
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact]
    public void SaysWhyNothingIsHit()
    {
        Assert.Empty(Run(Options with { Namespaces = ["nowhere"] }).Plan(1));

        Assert.Contains("2030-01-01 00:00:00Z nothing: no service that may be hit", _progress.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheReportSaysWhatWasInjectedWhen()
    {
        var pick = new ChaosPick(new ChaosTarget("reviews.default.svc.cluster.local", "default", IsService: true, Protection: null), Options.Faults[0]);
        ChaosRecord[] records = [new(pick, _time.GetUtcNow(), _time.GetUtcNow().AddMinutes(10), "reverted")];

        Assert.Equal(
            """
            BEGAN                 ENDED                 SERVICE                            OUTCOME      FAULT
            2030-01-01 00:00:00Z  2030-01-01 00:10:00Z  reviews.default.svc.cluster.local  reverted     0.5 % of requests delayed by 1.5 s

            """,
            ChaosReport.ToText(records));
        Assert.Equal(
            """[{"began":"2030-01-01T00:00:00+00:00","ended":"2030-01-01T00:10:00+00:00","service":"reviews.default.svc.cluster.local","namespace":"default","outcome":"reverted","fault":"0.5 % of requests delayed by 1.5 s"}]""",
            ChaosReport.ToJson(records).ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal));
    }

    private IEnumerable<ChaosExperiment> Experiments()
    {
        var snapshot = new ChaosFolder(_folder.Path, new MeshSettings(), _time).Read();
        Assert.DoesNotContain(snapshot.Problems, p => p.Severity == ProblemSeverity.Error);
        return snapshot.Objects.OfType<ChaosExperiment>();
    }

    private ChaosRun Run(ChaosOptions options) => new(
        options, new ChaosPicker(options, new MeshSettings(), new SeededRandomSource(42)), new ChaosFolder(_folder.Path, new MeshSettings(), _time), _time, _progress);

    private async Task NextTimerAsync(TimeSpan advance)
    {
        await _time.WhenArmedAsync(1);
        _time.Advance(advance);
    }
}
