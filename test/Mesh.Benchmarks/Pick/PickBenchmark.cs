using System.Diagnostics;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.LoadReports;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Benchmarks.Pick;

/// <summary>What a pick costs, slot taken and given back, at 10, 1,000 and 10,000 endpoints.</summary>
internal sealed class PickBenchmark : IBenchmark
{
    private const int Picks = 1_000_000;
    private const int RoundCount = 7;
    private static readonly ClientWeightsConfig AtOnce = new() { Blackout = TimeSpan.Zero };
    private static readonly int[] Sizes = [10, 1_000, 10_000];

    public string Name => "pick";

    public string Description => "time and bytes per pick of an endpoint, by policy and number of endpoints";

    public async Task<IReadOnlyList<Verdict>> RunAsync(TextWriter output)
    {
        var verdicts = new List<Verdict>();
        foreach (var policy in Enum.GetValues<LoadBalancingPolicy>())
        {
            var clusters = Sizes.ToDictionary(size => $"{policy} {size}", size => Build(policy, size));
            var time = await Rounds.RunAsync([.. clusters.Select(c => new Side(c.Key, () => Task.FromResult(Time(c.Value))))], RoundCount);
            Rounds.Print(output, $"{policy}: ns per pick, median of {RoundCount} rounds of {Picks} picks", time, "0.0");
            var bytes = clusters.Values.Max(Bytes);
            var last = $"{policy} {Sizes[^1]}";
            var goal = policy == LoadBalancingPolicy.RingHash ? 150 : 30;
            verdicts.Add(new Verdict($"pick-{policy}-10k", Rounds.Median(time[last]), " ns", goal, AtLeast: false));
            if (policy != LoadBalancingPolicy.RingHash)
            {
                // A ring is searched in the logarithm of its size; the others look up one place.
                verdicts.Add(new Verdict($"pick-{policy}-10k-vs-10", Rounds.Ratio(time[last], time[$"{policy} {Sizes[0]}"]), "x", 1.3, AtLeast: false));
            }

            verdicts.Add(new Verdict($"pick-{policy}-bytes", bytes, " bytes", 0, AtLeast: false));
            foreach (var cluster in clusters.Values)
            {
                cluster.Dispose();
            }
        }

        return verdicts;
    }

    private static ClusterState Build(LoadBalancingPolicy policy, int size)
    {
        var endpoints = Enumerable.Range(0, size).Select(i => new EndpointConfig($"10.{i / 65536}.{i / 256 % 256}.{i % 256}", 9080, 1, EndpointHealth.Healthy, EquatableMap.Empty));
        var config = new ClusterConfig("bench", ClusterDiscovery.Eds, "bench", null, new LoadBalancingConfig(policy) { ClientWeights = AtOnce }, TimeSpan.FromSeconds(1), null, null, []);
        var cluster = new ClusterState("bench", (_, _) => new SocketsHttpHandler(), TimeProvider.System, SystemRandomSource.Instance);
        var snapshot = new EndpointsConfig("bench", [new LocalityConfig(default, 1, 0, endpoints.ToEquatableArray())]);
        cluster.Apply(new ClusterSnapshot("bench", config, snapshot, null));
        if (policy == LoadBalancingPolicy.ClientSideWeightedRoundRobin)
        {
            Report(cluster);
        }

        return cluster;
    }

    /// <summary>Weights from 1 to 2: of ten passes over an endpoint, three pass it over.</summary>
    private static void Report(ClusterState cluster)
    {
        var count = 0;
        foreach (var endpoint in cluster.Model.Known)
        {
            var report = new LoadReport(1 / (1 + (count++ % 10 / 9.0)), 0, 0, 100, 0);
            endpoint.WeightByReports().Update(in report, AtOnce, TimeProvider.System.GetTimestamp());
        }

        cluster.Model.Refresh();
    }

    private static double Time(ClusterState cluster)
    {
        var start = Stopwatch.GetTimestamp();
        Run(cluster, Picks);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Picks;
    }

    private static double Bytes(ClusterState cluster)
    {
        const int picks = 10_000;
        Run(cluster, picks);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(cluster, picks);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / picks;
    }

    private static void Run(ClusterState cluster, int picks)
    {
        var tried = default(TriedEndpoints);

        // Steps of the golden ratio visit the whole range of hashes without a hash function in the measurement.
        var hash = 0UL;
        for (var i = 0; i < picks; i++)
        {
            hash += 0x9E3779B97F4A7C15;
            cluster.Pick(in tried, hash)!.Release();
        }
    }
}
