using System.Diagnostics;
using System.Globalization;
using ProxylessMesh.Benchmarks.Harness;

namespace ProxylessMesh.Benchmarks.Scale;

/// <summary>How long a change takes to reach all clients, and what it costs.</summary>
internal static class ChangeScale
{
    private const int Clients = 1000;
    private const int Warmup = 3;
    private const int ListenerType = 0;
    private const int RouteType = 1;
    private const int EndpointType = 3;

    /// <summary>Of the workloads that come as changes.</summary>
    private const int FirstNewcomer = 100_000;

    public static IReadOnlyList<Verdict> Run(ScaleOptions options, TextWriter output) =>
        [.. ((bool[])[true, false]).Where(delta => options.Delta is not { } only || only == delta).SelectMany(delta => Run(options, delta, output))];

    private static IEnumerable<Verdict> Run(ScaleOptions options, bool delta, TextWriter output)
    {
        var (clients, hosts) = (options.Clients ?? Clients, options.Hosts ?? options.Services);
        var own = Math.Min(options.Endpoints, (int)Math.Ceiling((double)clients / options.Services));
        using var fixture = new ScaleFixture(options.Services, options.Endpoints - own);
        var protocol = delta ? "delta" : "sotw";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{protocol}: {clients} clients, each of {hosts} of {options.Services} services with {options.Endpoints} endpoints; started in {fixture.Server.StartTime.TotalSeconds:0.0} s"));
        var begun = fixture.Swarm.Start(fixture.Server.Xds, delta, clients, options.Services, hosts);
        var converged = SwarmHandle.Between(begun, fixture.Swarm.AwaitConvergence());
        var cost = fixture.Swarm.Cost();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  first convergence {converged.TotalSeconds:0.0} s, {cost.BytesReceived / 1e6 / clients:0.00} MB per client; processor time of the server {fixture.Server.ProcessorTime.TotalSeconds:0.0} s, of the clients {cost.ProcessorTime.TotalSeconds:0.0} s"));

        // What the last clients' arrival set off goes by.
        Thread.Sleep(TimeSpan.FromSeconds(3));
        var target = options.Services / 2;
        var seers = hosts == options.Services ? clients : Enumerable.Range(0, clients).Count(c => (target - (c % options.Services) + options.Services) % options.Services < hosts);
        var routes = Measure(options, output, "route", fixture, round => Write(RouteType, $"round-{round}-of-routes", seers, text => fixture.Config.WriteRoutes(target, text)));
        var endpoints = Measure(options, output, "endpoint", fixture, round =>
        {
            var address = string.Create(CultureInfo.InvariantCulture, $"10.77.77.{round + 100}");
            fixture.Swarm.Expect(EndpointType, address, seers);
            return fixture.Swarm.Register(FirstNewcomer + round, address, target);
        });
        var guarded = Enumerable.Range(0, clients).Count(c => ScaledMesh.Namespace(c % options.Services) == ScaledMesh.Namespace(target));
        Measure(options, output, "AuthorizationPolicy", fixture, round => Write(ListenerType, $"round-{round}-of-policies", guarded, text => fixture.Config.WritePolicy(target, text)));
        Measure(options, output, "service", fixture, round => Write(EndpointType, $"10.78.78.{round + 100}", seers, text => fixture.Config.WriteService(target, text)));
        var (now, peak) = fixture.Server.Megabytes;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  server: {now:0} MB, {peak:0} MB at most; {fixture.Swarm.Cost().LostStreams} streams lost"));
        return
        [
            new Verdict($"scale-{protocol}-route-change-p99", routes, " ms", 300, AtLeast: false),
            new Verdict($"scale-{protocol}-endpoint-change-p99", endpoints, " ms", 150, AtLeast: false),
            new Verdict($"scale-{protocol}-server-memory", peak, " MB", 1500, AtLeast: false),
        ];

        long Write(int type, string marker, int clientsThatSee, Action<string> write)
        {
            fixture.Swarm.Expect(type, marker, clientsThatSee);
            var changed = Stopwatch.GetTimestamp();
            write(marker);
            return changed;
        }
    }

    /// <summary>The 99th percentile of the time until the last client has accepted a change.</summary>
    private static double Measure(ScaleOptions options, TextWriter output, string what, ScaleFixture fixture, Func<int, long> change)
    {
        var (last, median, server, swarm, bytes) = (new List<double>(), new List<double>(), TimeSpan.Zero, TimeSpan.Zero, 0L);
        for (var round = -Warmup; round < options.Rounds; round++)
        {
            var (serverBefore, before) = (fixture.Server.ProcessorTime, fixture.Swarm.Cost());
            var changed = change(round);
            var seen = fixture.Swarm.AwaitSight();

            // The server is still at work on the answers.
            Thread.Sleep(TimeSpan.FromMilliseconds(300));
            if (round < 0)
            {
                continue;
            }

            last.Add(SwarmHandle.Between(changed, seen[^1]).TotalMilliseconds);
            median.Add(SwarmHandle.Between(changed, seen[seen.Length / 2]).TotalMilliseconds);
            var after = fixture.Swarm.Cost();
            server += fixture.Server.ProcessorTime - serverBefore;
            swarm += after.ProcessorTime - before.ProcessorTime;
            bytes += after.BytesReceived - before.BytesReceived;
        }

        var p99 = last.Order().ElementAt((int)Math.Ceiling(0.99 * last.Count) - 1);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  one {what} change: last client after {Rounds.Median(last):0} ms (p99 {p99:0}, best {last.Min():0}), middle client after {Rounds.Median(median):0} ms; processor time of the server {server.TotalMilliseconds / options.Rounds:0} ms, of the clients {swarm.TotalMilliseconds / options.Rounds:0} ms; {bytes / options.Rounds / 1000.0:0} kB"));
        return p99;
    }
}
