using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Resources;

public class LoadBalancerTests
{
    [Fact]
    public void Reads_a_cookie_hash()
    {
        var hash = Read("""
            consistentHash:
              httpCookie: {name: user, path: /app, ttl: 0s, attributes: [{name: SameSite, value: Lax}, {name: Secure}]}
              maglev: {tableSize: 251}
            """).ConsistentHash!;

        Assert.Equal((ConsistentHashKey.Cookie, "user", true, 251), (hash.Key, hash.Name, hash.Maglev, hash.Size!.Value));
        Assert.Equal((TimeSpan.Zero, "/app"), (hash.CookieTtl!.Value, hash.CookiePath));
        Assert.Equal([new("SameSite", "Lax"), new("Secure", "")], hash.CookieAttributes);
    }

    [Theory]
    [InlineData("httpHeaderName: x-user", "Header x-user")]
    [InlineData("useSourceIp: true", "SourceIp ")]
    [InlineData("httpQueryParameterName: user", "QueryParameter user")]
    public void Reads_other_hashes(string yaml, string expected)
    {
        var hash = Read($"consistentHash: {{{yaml}, minimumRingSize: 2048}}").ConsistentHash!;

        Assert.Equal(expected, $"{hash.Key} {hash.Name}");
        Assert.Equal((false, 2048), (hash.Maglev, hash.Size!.Value));
    }

    [Fact]
    public void Reads_warmup_and_its_older_form()
    {
        Assert.Equal(new Warmup(TimeSpan.FromMinutes(1), 20, 1.5), Read("""{simple: ROUND_ROBIN, warmup: {duration: 60s, minimumPercent: 20, aggression: 1.5}}""").Warmup);
        Assert.Equal(new Warmup(TimeSpan.FromMinutes(1), null, null), Read("warmupDurationSecs: 60s").Warmup);
    }

    [Fact]
    public void Reads_backend_utilization()
    {
        Assert.Equal(new BackendUtilization(null, null, null, null, []), Read("backendUtilization: {}").BackendUtilization);
        Assert.Equal(
            new BackendUtilization(TimeSpan.Zero, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(2), 50, ["named_metrics.queue", "mem_utilization"]),
            Read("""
                backendUtilization:
                  weightStabilizationPeriod: 0s
                  weightExpirationPeriod: 1m
                  weightUpdatePeriod: 2s
                  errorUtilizationPenaltyPercent: 50
                  metricNamesForComputingUtilization: [named_metrics.queue, mem_utilization]
                """).BackendUtilization);
    }

    [Fact]
    public void Reads_locality_settings()
    {
        var distribute = Read("""localityLbSetting: {distribute: [{from: "us-west/*", to: {"us-west/zone1/*": 80, "us-east/*": 20}}]}""").Locality!.Distribute;
        var failover = Read("localityLbSetting: {failover: [{from: us-east, to: eu-west}], failoverPriority: [topology.kubernetes.io/region, version=v1]}").Locality!;

        Assert.Equal(new LocalityDistribution("us-west/*", [new("us-west/zone1/*", 80), new("us-east/*", 20)]), Assert.Single(distribute));
        Assert.Equal([new("us-east", "eu-west")], failover.Failover);
        Assert.Equal(["topology.kubernetes.io/region", "version=v1"], failover.FailoverPriority);
        Assert.False(Read("localityLbSetting: {enabled: false}").Locality!.Enabled);
    }

    [Fact]
    public void Reads_zone_awareness()
    {
        Assert.Equal(new ZoneAwareness(null), Read("zoneAwareLbSetting: {}").ZoneAware);
        Assert.Equal(new ZoneAwareness(3), Read("{localityLbSetting: {enabled: false}, zoneAwareLbSetting: {enabled: true, minClusterSize: 3}}").ZoneAware);
        Assert.Null(Read("zoneAwareLbSetting: {enabled: false}").ZoneAware);
    }

    [Theory]
    [InlineData("{zoneAwareLbSetting: {}, localityLbSetting: {}}", "has both localityLbSetting and zoneAwareLbSetting")]
    [InlineData("{zoneAwareLbSetting: {minClusterSize: 0}}", "minClusterSize")]
    [InlineData("{simple: RANDOM, consistentHash: {useSourceIp: true}}", "has both simple and consistentHash")]
    [InlineData("{consistentHash: {useSourceIp: true, httpHeaderName: x}}", "has both httpHeaderName and useSourceIp")]
    [InlineData("{consistentHash: {useSourceIp: true, ringHash: {}, maglev: {}}}", "has both ringHash and maglev")]
    [InlineData("{consistentHash: {useSourceIp: true, maglev: {tableSize: 65536}}}", "65536 is not a prime number")]
    [InlineData("{consistentHash: {useSourceIp: true, ringHash: {minimumRingSize: 9000000}}}", "is out of range: between 0 and 8388608")]
    [InlineData("{consistentHash: {httpCookie: {path: /}}}", "httpCookie.name is missing")]
    [InlineData("{consistentHash: {httpCookie: {name: \"a;b\"}}}", "has a character that a cookie cannot have")]
    [InlineData("{simple: RANDOM, backendUtilization: {}}", "has both simple and backendUtilization")]
    [InlineData("{consistentHash: {useSourceIp: true}, backendUtilization: {}}", "has both consistentHash and backendUtilization")]
    [InlineData("{backendUtilization: {errorUtilizationPenaltyPercent: -1}}", "errorUtilizationPenaltyPercent -1 is out of range")]
    [InlineData("{backendUtilization: {metricNamesForComputingUtilization: [disk]}}", "is no number of a load report")]
    [InlineData("{simple: RANDOM, warmup: {duration: 10s}}", "warmup works with ROUND_ROBIN and LEAST_REQUEST only")]
    [InlineData("{warmup: {minimumPercent: 10}}", "warmup.duration is missing")]
    [InlineData("{warmup: {duration: 10s, aggression: 0.5}}", "aggression 0.5 is out of range")]
    [InlineData("{warmup: {duration: 10s, aggression: steep}}", "aggression must be a number")]
    [InlineData("{localityLbSetting: {distribute: [{from: \"*\", to: {a: 50}}]}}", "adds up to 50: it must be 100")]
    [InlineData("{localityLbSetting: {distribute: [{from: \"*/a\", to: {a: 100}}]}}", "is not a locality of the form")]
    [InlineData("{localityLbSetting: {distribute: [{from: a, to: {b: 100}}], failover: [{from: a, to: b}]}}", "has distribute together with failover")]
    [InlineData("{localityLbSetting: {failover: [{from: a, to: a}]}}", "is the region that the calls come from")]
    [InlineData("{localityLbSetting: {failover: [{from: a/b, to: c}]}}", "must be a region alone")]
    public void Refuses(string yaml, string error) =>
        Assert.Contains(Reading.Problems(Rule(yaml)), p => p.Contains(error, StringComparison.Ordinal));

    [Fact]
    public void A_hash_of_nothing_is_warned_about() =>
        Assert.Contains(Reading.Problems(Rule("{consistentHash: {}}")), p => p.Contains("names nothing to hash", StringComparison.Ordinal));

    private static LoadBalancer Read(string yaml) => Reading.Good<DestinationRule>(Rule(yaml)).Policy!.LoadBalancer!;

    private static string Rule(string yaml) => $$"""
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: reviews}
        spec:
          host: reviews
          trafficPolicy:
            loadBalancer:
              {{yaml.ReplaceLineEndings("\n      ")}}
        """;
}
