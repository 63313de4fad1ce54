using System.Globalization;

namespace Bookinfo.Launcher;

/// <summary>The whole of Bookinfo: a control plane and its workloads, each a process on 127.0.0.1.</summary>
internal sealed class BookinfoProcesses : IAsyncDisposable
{
    /// <summary>The identity of samples/Console.</summary>
    public const string ConsoleAccount = "bookinfo-console";

    private static readonly TimeSpan s_startDeadline = TimeSpan.FromSeconds(40);
    private readonly Dictionary<string, Workload> _workloads = [];
    private readonly Watchdog _watchdog;

    public BookinfoProcesses(string meshFolder)
    {
        _watchdog = new Watchdog(Run);
        ControlPlane = new ControlPlane(meshFolder, Run, _watchdog);
    }

    public RunDirectory Run { get; } = new();

    public ControlPlane ControlPlane { get; }

    public IReadOnlyDictionary<string, Workload> Workloads => _workloads;

    /// <summary>Where productpage listens.</summary>
    public Uri ProductPage => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_workloads["productpage"].Port}"));

    /// <summary>Returns when productpage shows a page with nothing missing.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ControlPlane.StartAsync(cancellationToken);
        var accounts = WorkloadSpec.All.Select(w => w.ServiceAccount).Append(ConsoleAccount).Distinct();
        await Task.WhenAll(accounts.Select(a => ControlPlane.IssueTokenAsync(a, cancellationToken)));
        foreach (var spec in WorkloadSpec.All)
        {
            StartWorkload(spec);
        }

        using var visitor = new Visitor(ProductPage);
        var last = Visit.Failed("productpage was not asked yet");
        var complete = await Poll.UntilAsync(
            async cancel => FirstExited() is not null || (last = await visitor.VisitAsync(cancel)).Succeeded, s_startDeadline, cancellationToken);
        if (FirstExited() is { } exited)
        {
            throw new LaunchException($"{exited.Name} ended. It printed:{Environment.NewLine}{exited.Tail(lines: 20)}");
        }

        if (!complete)
        {
            throw new LaunchException($"productpage has no complete page after {s_startDeadline.TotalSeconds} s: {last.Error}{Environment.NewLine}"
                + $"The control plane printed:{Environment.NewLine}{ControlPlane.Process?.Tail(lines: 20)}{Environment.NewLine}"
                + $"productpage printed:{Environment.NewLine}{_workloads["productpage"].Process.Tail(lines: 20)}");
        }
    }

    public Workload StartWorkload(WorkloadSpec spec) => StartWorkload(spec, FreePorts.Next());

    /// <summary>Kills a workload and starts it again on the same port, with the state that it left.</summary>
    public async Task RestartWorkloadAsync(string name)
    {
        var (spec, port, process) = _workloads[name];
        await process.DisposeAsync();
        StartWorkload(spec, port);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_workloads.Values.Select(w => w.Process.DisposeAsync().AsTask()));
        await ControlPlane.DisposeAsync();
        await _watchdog.DisposeAsync();
    }

    private Workload StartWorkload(WorkloadSpec spec, int port) => _workloads[spec.Name] = Workload.Start(spec, port, ControlPlane, Run, _watchdog);

    private ChildProcess? FirstExited() => _workloads.Values.Select(w => w.Process).FirstOrDefault(p => p.HasExited);
}
