using System.Diagnostics;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Benchmarks.Routes;

/// <summary>What it costs to find a route, for tables of 10, 1,000 and 10,000 routes, against a scan from the first route on.</summary>
internal sealed class RoutesBenchmark : IBenchmark
{
    private const int Matches = 50_000;
    private const int RoundCount = 7;
    private static readonly int[] Sizes = [10, 1_000, 10_000];

    /// <summary>What the goals of time are set for.</summary>
    private static readonly RouteMix[] Indexed = [RouteMix.Exact, RouteMix.Prefix, RouteMix.Both];

    public string Name => "routes";

    public string Description => "time and bytes per route match, by kind of match and number of routes, against an ordered scan";

    public async Task<IReadOnlyList<Verdict>> RunAsync(TextWriter output)
    {
        var verdicts = new List<Verdict>();
        foreach (var mix in Indexed)
        {
            verdicts.AddRange(await MeasureAsync(output, mix, Sizes, hasGoals: true));
        }

        verdicts.AddRange(await MeasureAsync(output, RouteMix.Header, Sizes, hasGoals: false));

        // Ten thousand compiled expressions take long to make, and longer to scan.
        verdicts.AddRange(await MeasureAsync(output, RouteMix.Regex, [10, 1_000], hasGoals: false));
        return verdicts;
    }

    private static async Task<IEnumerable<Verdict>> MeasureAsync(TextWriter output, RouteMix mix, int[] sizes, bool hasGoals)
    {
        var sides = new List<Side>();
        var bytes = 0.0;
        foreach (var size in sizes)
        {
            var config = mix.Table(size);
            var table = new RouteTable<RouteEntryConfig>(config, (_, route) => route, SystemRandomSource.Instance);
            foreach (var (where, route) in new[] { ("first", 0), ("last", size - 1), ("none", -1) })
            {
                var request = route < 0 ? mix.Request(size + 1_000_000) : mix.Request(route);
                Check(table, request, route < 0 ? null : config.VirtualHosts[0].Routes[route].Name);
                bytes = Math.Max(bytes, Bytes(table, [request]));
                sides.Add(new Side($"{size} {where}", () => Task.FromResult(Time(table, [request], Matches))));
            }

            // Ever other routes, which no cache of the processor remembers all.
            var spread = mix.Spread(size);
            sides.Add(new Side($"{size} any", () => Task.FromResult(Time(table, spread, Matches))));

            var scan = new OrderedScan(config);
            var last = mix.Request(size - 1);
            sides.Add(new Side($"{size} last, ordered scan", () => Task.FromResult(Time(scan, last, Math.Max(20, Matches / size / 10)))));
        }

        var times = await Rounds.RunAsync(sides, RoundCount);
        Rounds.Print(output, $"{mix.Name}: ns per match, median of {RoundCount} rounds", times, "0.0");
        var largest = sizes[^1];
        var verdicts = new List<Verdict>
        {
            new($"routes-{mix.Name}-bytes", bytes, " bytes", 0, AtLeast: false),
            new($"routes-{mix.Name}-{largest}-vs-scan", 1 / Rounds.Ratio(times[$"{largest} last"], times[$"{largest} last, ordered scan"]), "x", 1, AtLeast: true),
        };
        if (hasGoals)
        {
            var slowest = new[] { "first", "last", "none", "any" }.MaxBy(w => Rounds.Median(times[$"{largest} {w}"]));
            verdicts.Add(new($"routes-{mix.Name}-{largest}", Rounds.Median(times[$"{largest} {slowest}"]), " ns", 300, AtLeast: false));
            verdicts.Add(new($"routes-{mix.Name}-{largest}-vs-10", Rounds.Ratio(times[$"{largest} any"], times["10 any"]), "x", 3, AtLeast: false));
        }

        return verdicts;
    }

    private static void Check(RouteTable<RouteEntryConfig> table, RouteRequest request, string? expected)
    {
        if (table.Match(in request)?.Name != expected)
        {
            throw new InvalidOperationException($"{request.PathText} took {table.Match(in request)?.Name ?? "none"}, not {expected ?? "none"}");
        }
    }

    private static double Time(RouteTable<RouteEntryConfig> table, RouteRequest[] requests, int times)
    {
        var start = Stopwatch.GetTimestamp();
        var next = 0;
        for (var i = 0; i < times; i++)
        {
            table.Match(in requests[next]);
            next = next + 1 == requests.Length ? 0 : next + 1;
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / times;
    }

    private static double Time(OrderedScan scan, RouteRequest request, int times)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++)
        {
            scan.Match(in request);
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / times;
    }

    private static double Bytes(RouteTable<RouteEntryConfig> table, RouteRequest[] requests)
    {
        const int times = 10_000;
        Time(table, requests, times);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Time(table, requests, times);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / times;
    }
}
