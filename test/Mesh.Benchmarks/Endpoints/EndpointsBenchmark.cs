using System.Diagnostics;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.Resources.Endpoints;

namespace ProxylessMesh.Benchmarks.Endpoints;

/// <summary>What a changed endpoint among 10,000 costs from the bytes of EDS to the tables that a pick reads, and what an idle endpoint weighs.</summary>
internal sealed class EndpointsBenchmark : IBenchmark
{
    private const int Count = 10_000;
    private const int Updates = 5;
    private const int RoundCount = 5;

    /// <summary>Rings and tables are laid out anew with every change, which takes longer by their nature; `pick` is what they are for.</summary>
    private static readonly LoadBalancingPolicy[] Policies = [LoadBalancingPolicy.RoundRobin, LoadBalancingPolicy.Random, LoadBalancingPolicy.LeastRequest];

    public string Name => "endpoints";

    public string Description => "an update of 1 endpoint in 10,000: CPU from EDS bytes to tables; bytes per idle endpoint";

    public async Task<IReadOnlyList<Verdict>> RunAsync(TextWriter output)
    {
        var sides = Policies.ToDictionary(p => $"update {p}", p => new Subject(p));
        sides.Add("update in 3 zones", new Subject(LoadBalancingPolicy.LeastRequest, zones: 3));
        sides.Add("update in 3 zones, 1 unhealthy", new Subject(LoadBalancingPolicy.LeastRequest, zones: 3, unhealthy: true));
        var times = await Rounds.RunAsync([.. sides.Select(s => new Side(s.Key, () => Task.FromResult(s.Value.Update(Updates))))], RoundCount);
        Rounds.Print(output, $"ms of CPU per update, median of {RoundCount} rounds of {Updates}", times, "0.00");
        var bytes = Weigh();
        output.WriteLine($"bytes per idle endpoint: {bytes:0}");
        return
        [
            .. times.Select(t => new Verdict($"endpoints-{t.Key.Replace(",", "", StringComparison.Ordinal).Replace(' ', '-')}", Rounds.Median(t.Value), " ms", 2, AtLeast: false)),
            new Verdict("endpoints-bytes-idle", bytes, " bytes", 500, AtLeast: false),
        ];
    }

    private static double Weigh()
    {
        var subject = new Subject(LoadBalancingPolicy.LeastRequest, 1);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var big = new Subject(LoadBalancingPolicy.LeastRequest);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(subject);
        GC.KeepAlive(big);
        return (double)(after - before - big.OtherBytes) / Count;
    }

    /// <summary>A cluster, and the bytes of two lists that differ in one endpoint. Zones come with outlier detection, as an operator asks for both.</summary>
    private sealed class Subject
    {
        private static readonly OutlierDetectionConfig Outliers = new(5, 0, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(300), 10);

        private readonly ClusterConfig _config;
        private readonly ClusterState _cluster;
        private readonly ByteString[] _lists;
        private EndpointsConfig? _current;
        private int _next;

        public Subject(LoadBalancingPolicy policy, int count = Count, int zones = 1, bool unhealthy = false)
        {
            var outliers = zones > 1 ? Outliers : null;
            _config = new ClusterConfig("bench", ClusterDiscovery.Eds, "bench", null, new LoadBalancingConfig(policy), TimeSpan.FromSeconds(1), outliers, null, []);
            _cluster = new ClusterState("bench", (_, _) => new SocketsHttpHandler(), TimeProvider.System, SystemRandomSource.Instance);
            _lists = [List(count, zones, unhealthy, changed: false), List(count, zones, unhealthy, changed: true)];
            Apply();
        }

        /// <summary>Of the list that is not in force; the bytes of the one that is are kept, to compare the next with.</summary>
        public int OtherBytes => _lists[_next % 2].Length;

        public double Update(int times)
        {
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            for (var i = 0; i < times; i++)
            {
                Apply();
            }

            return (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds / times;
        }

        private void Apply()
        {
            var decoded = EndpointsUpdate.Decode(_lists[_next++ % 2], _ => _current).Value!;

            // As the client does, which tells nobody of an update that changes nothing.
            if (!decoded.Equals(_current))
            {
                _current = decoded;
                _cluster.Apply(new ClusterSnapshot("bench", _config, decoded, null));
            }
        }

        private static ByteString List(int count, int zones, bool unhealthy, bool changed)
        {
            var list = new ClusterLoadAssignment { ClusterName = "bench" };
            for (var zone = 0; zone < zones; zone++)
            {
                var (first, next) = (count * zone / zones, count * (zone + 1) / zones);
                list.Endpoints.Add(new LocalityLbEndpoints
                {
                    Locality = new Locality { Region = "here", Zone = $"z{zone}" },
                    LoadBalancingWeight = (uint)(next - first),
                    LbEndpoints = { Enumerable.Range(first, next - first).Select(i => Endpoint(i, changed && i == count - 1)) },
                });
            }

            if (unhealthy)
            {
                list.Endpoints[0].LbEndpoints[0].HealthStatus = HealthStatus.Unhealthy;
            }

            return list.ToByteString();
        }

        private static LbEndpoint Endpoint(int i, bool changed) => new()
        {
            Endpoint = new Envoy.Config.Endpoint.V3.Endpoint
            {
                Address = new Address { SocketAddress = new SocketAddress { Address = $"10.{i / 62500}.{i / 250 % 250}.{(changed ? 255 : i % 250)}", PortValue = 9080 } },
            },
            LoadBalancingWeight = 1,
            Metadata = new Metadata
            {
                FilterMetadata = { ["envoy.transport_socket_match"] = new Struct { Fields = { ["tlsMode"] = Value.ForString("istio") } } },
            },
        };
    }
}
