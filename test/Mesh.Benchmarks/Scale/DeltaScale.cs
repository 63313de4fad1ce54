using System.Globalization;
using ProxylessMesh.Benchmarks.Harness;

namespace ProxylessMesh.Benchmarks.Scale;

/// <summary>What one change of a cluster, route or endpoint sends to a client that knows all services, in either variant of the protocol.</summary>
internal static class DeltaScale
{
    private const int RouteType = 1;
    private const int ClusterType = 2;
    private const int EndpointType = 3;
    private const int Newcomer = 100_000;

    public static IReadOnlyList<Verdict> Run(ScaleOptions options, TextWriter output)
    {
        var (delta, sotw) = (Measure(options, delta: true), Measure(options, delta: false));
        output.WriteLine($"bytes to a client of {options.Services} services for one change");
        for (var i = 0; i < delta.Length; i++)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  {delta[i].What,-10} delta {delta[i].Bytes,8}, state of the world {sotw[i].Bytes,8}: {100.0 * delta[i].Bytes / sotw[i].Bytes:0.0}%"));
        }

        return [new Verdict("scale-delta-bytes-of-a-cluster", 100.0 * delta[0].Bytes / sotw[0].Bytes, "%", 2, AtLeast: false)];
    }

    private static (string What, long Bytes)[] Measure(ScaleOptions options, bool delta)
    {
        using var fixture = new ScaleFixture(options.Services, options.Endpoints);
        fixture.Swarm.Start(fixture.Server.Xds, delta, 1, options.Services, options.Services);
        fixture.Swarm.AwaitConvergence();

        // The client has registered itself, and that is a change, too.
        Thread.Sleep(TimeSpan.FromSeconds(1));
        var target = options.Services / 2 / 2 * 2;
        return
        [
            ("cluster", Bytes(ClusterType, "changed.example.com", () => fixture.Config.WriteServerName(target, "changed.example.com"))),
            ("route", Bytes(RouteType, "changed-route", () => fixture.Config.WriteRoutes(target, "changed-route"))),
            ("endpoint", Bytes(EndpointType, "10.77.77.77", () => fixture.Swarm.Register(Newcomer, "10.77.77.77", target))),
        ];

        long Bytes(int type, string marker, Action change)
        {
            var before = fixture.Swarm.Cost().BytesReceived;
            fixture.Swarm.Expect(type, marker, 1);
            change();
            fixture.Swarm.AwaitSight();

            // Endpoints follow their cluster.
            Thread.Sleep(TimeSpan.FromSeconds(0.5));
            return fixture.Swarm.Cost().BytesReceived - before;
        }
    }
}
