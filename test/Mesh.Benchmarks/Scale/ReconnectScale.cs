using System.Diagnostics;
using System.Globalization;
using ProxylessMesh.Benchmarks.Harness;

namespace ProxylessMesh.Benchmarks.Scale;

/// <summary>The control plane is killed and starts anew; all clients come back at the same time and know nothing.</summary>
internal static class ReconnectScale
{
    private const int Clients = 5000;
    private const int Hosts = 20;

    public static IReadOnlyList<Verdict> Run(ScaleOptions options, TextWriter output)
    {
        var (clients, hosts, delta) = (options.Clients ?? Clients, options.Hosts ?? Math.Min(Hosts, options.Services), options.Delta ?? true);
        var own = Math.Min(options.Endpoints, (int)Math.Ceiling((double)clients / options.Services));
        using var fixture = new ScaleFixture(options.Services, options.Endpoints - own);
        var begun = fixture.Swarm.Start(fixture.Server.Xds, delta, clients, options.Services, hosts);
        var first = SwarmHandle.Between(begun, fixture.Swarm.AwaitConvergence());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(delta ? "delta" : "sotw")}: {clients} clients, each of {hosts} of {options.Services} services; first convergence {first.TotalSeconds:0.0} s"));
        Thread.Sleep(TimeSpan.FromSeconds(2));
        fixture.Swarm.ExpectAll();
        var (before, killed) = (fixture.Swarm.Cost(), Stopwatch.GetTimestamp());
        fixture.Restart();
        var back = SwarmHandle.Between(killed, fixture.Swarm.AwaitConvergence());
        var after = fixture.Swarm.Cost();
        var (now, peak) = fixture.Server.Megabytes;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  after the kill: listening again {fixture.Server.StartTime.TotalSeconds:0.0} s, last client whole {back.TotalSeconds:0.0} s; {(after.BytesReceived - before.BytesReceived) / 1e6:0} MB; {after.LostStreams - before.LostStreams} streams lost; processor time of the server {fixture.Server.ProcessorTime.TotalSeconds:0.0} s, of the clients {(after.ProcessorTime - before.ProcessorTime).TotalSeconds:0.0} s; server {now:0} MB, {peak:0} MB at most"));
        return [new Verdict("scale-reconnect", back.TotalSeconds, " s", 30, AtLeast: false), new Verdict("scale-reconnect-memory", peak, " MB", 1500, AtLeast: false)];
    }
}
