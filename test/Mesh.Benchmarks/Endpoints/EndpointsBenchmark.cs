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
        var times = await Rounds.RunAsync([.. sides.Select(s => new Side(s.Key, () => Task.FromResult(s.Value.Update(Updates))))], RoundCount);
        Rounds.Print(output, $"ms of CPU per update, median of {RoundCount} rounds of {Updates}", times, "0.00");
        var bytes = Weigh();
        output.WriteLine($"bytes per idle endpoint: {bytes:0}");
        return
        [
            .. times.Select(t => new Verdict($"endpoints-{t.Key.Replace(' ', '-')}", Rounds.Median(t.Value), " ms", 2, AtLeast: false)),
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

    /// <summary>A cluster, and the bytes of two lists that differ in one endpoint.</summary>
    private sealed class Subject
    {
        private readonly ClusterConfig _config;
        private readonly ClusterState _cluster;
        private readonly ByteString[] _lists;
        private EndpointsConfig? _current;
        private int _next;

        public Subject(LoadBalancingPolicy policy, int count = Count)
        {
            _config = new ClusterConfig("bench", ClusterDiscovery.Eds, "bench", null, new LoadBalancingConfig(policy), TimeSpan.FromSeconds(1), null, null, []);
            _cluster = new ClusterState("bench", (_, _) => new SocketsHttpHandler(), TimeProvider.System, SystemRandomSource.Instance);
            _lists = [List(count, changed: false), List(count, changed: true)];
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
            var decoded = EndpointsUpdate.Decode(_lists[_next++ % 2], _ => _current);
            _current = decoded.Value!;
            _cluster.Apply(new ClusterSnapshot("bench", _config, _current, null));
        }

        private static ByteString List(int count, bool changed)
        {
            var locality = new LocalityLbEndpoints { Locality = new Locality { Region = "here" }, LoadBalancingWeight = (uint)count };
            for (var i = 0; i < count; i++)
            {
                var last = changed && i == count - 1 ? 255 : i % 250;
                locality.LbEndpoints.Add(new LbEndpoint
                {
                    Endpoint = new Envoy.Config.Endpoint.V3.Endpoint { Address = new Address { SocketAddress = new SocketAddress { Address = $"10.{i / 62500}.{i / 250 % 250}.{last}", PortValue = 9080 } } },
                    LoadBalancingWeight = 1,
                    Metadata = new Metadata
                    {
                        FilterMetadata = { ["envoy.transport_socket_match"] = new Struct { Fields = { ["tlsMode"] = Value.ForString("istio") } } },
                    },
                });
            }

            return new ClusterLoadAssignment { ClusterName = "bench", Endpoints = { locality } }.ToByteString();
        }
    }
}
