using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.ControlPlane.Tests.Resources;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.Testing;

namespace ProxylessMesh.ControlPlane.Tests.Validation;

/// <summary>Whatever changes: reading the changed files alone gives what reading all of them gives.</summary>
public sealed class IncrementalConfigTests
{
    private const int Steps = 1000;

    private static readonly MeshSettings s_settings = new();

    // What the rest leads to; not everything that it leads to is in each of them.
    private static readonly string[] s_hosts =
    [
        Docs(Service("reviews"), Service("ratings"), Rule("all", "reviews", "v1", "v2")),
        Docs(Service("ratings"), Rule("all", "reviews", "v1", "v2"), Service("reviews")),
        Docs(Service("reviews"), Service("ratings"), Rule("all", "reviews", "v1")),
        Docs(Service("reviews"), Rule("all", "reviews", "v1", "v2")),
    ];

    private static readonly string[] s_documents =
    [
        "{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: its-own}, spec: {hosts: [api.example.com], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}}",
        Rule("its-own", "reviews", "v1"),
        Rule("its-own", "reviews", "v2"),
        Rule("its-own", "api.example.com", "v1"),
        Route("reviews", "reviews"),
        Route("reviews", "reviews, subset: v1"),
        Route("ratings", "reviews, subset: v2"),
        Route("reviews.example.com", "ratings, port: {number: 81}"),
        Route("api.example.com", "api.example.com"),
        "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: its-own}, spec: {hosts: [ratings], http: [{match: [{uri: {prefix: /a}}], delegate: {name: same}}]}}",
        "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: its-own}, spec: {http: [{route: [{destination: {host: reviews}}]}]}}",
        "{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: its-own}, spec: {mtls: {mode: STRICT}}}",
        "{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {name: its-own}, spec: {action: CUSTOM, provider: {name: opa}, rules: [{}]}}",
        "{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {name: its-own}, spec: {action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}}",
        "{apiVersion: v1, kind: Service, metadata: {name: its-own}, spec: {selector: {app: a}, ports: [{name: tcp, port: 90}]}}",
        "{apiVersion: proxylessmesh.io/v1alpha1, kind: MeshConfig, metadata: {name: its-own, namespace: istio-system}, spec: {extensionProviders: [{name: opa, envoyExtAuthzGrpc: {service: ratings.default.svc.cluster.local, port: 80}}]}}",
        "{apiVersion: proxylessmesh.io/v1alpha1, kind: ChaosExperiment, metadata: {name: its-own}, spec: {hosts: [ratings], fault: {delay: {fixedDelay: 1s, percentage: {value: 10}}}, starts: \"2030-01-01T00:00:00Z\", expires: \"2030-01-01T00:10:00Z\"}}",
        "{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: its-own}, spec: {selector: {istio: edge}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [shop.example.com]}]}}",
        "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: its-own}, spec: {hosts: [reviews.example.com], gateways: [n1-0, n2-0, n3-0], http: [{route: [{destination: {host: reviews}}]}]}}",
        "{apiVersion: networking.istio.io/v1, kind: WorkloadEntry, metadata: {name: its-own}, spec: {address: 10.0.0.1, labels: {app: reviews}}}",
        "{apiVersion: networking.istio.io/v1, kind: WorkloadEntry, metadata: {name: its-own}, spec: {address: 10.0.0.2, labels: {app: reviews}}}",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: its-own}}",
    ];

    private static readonly string[] s_mistakes =
    [
        "{apiVersion: v1, kind: Service, metadata: {nam: reviews}, spec: {ports: [{port: 80}]}}",
        "{apiVersion: v1, kind: Service, metadata: {name: reviews}, spec: {ports: [{port: x}]}}",
        Route("reviews", "nowhere"),
        "a: [",
    ];

    // A problem of each sort that depends on several objects.
    private static readonly HashSet<string> s_codes =
    [
        ProblemCodes.UnknownHost, ProblemCodes.UnknownSubset, ProblemCodes.DuplicateObject, ProblemCodes.HeldBack, ProblemCodes.ConflictingVirtualServices,
        ProblemCodes.DestinationRuleHostUnknown, ProblemCodes.ExternalHostUnknown, ProblemCodes.UnknownPort, ProblemCodes.UnknownDelegate, ProblemCodes.UnknownProvider,
        ProblemCodes.IneffectivePeerAuthentication, ProblemCodes.IneffectiveChaos, ProblemCodes.AuthorizationOfTcp, ProblemCodes.UnknownGateway, ProblemCodes.HostNotInGateway,
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_is_as_if_everything_was_read(int seed)
    {
        var random = new SeededRandom(seed);
        var files = new SortedDictionary<string, ParsedFile>(StringComparer.Ordinal);
        var (quick, whole) = (AcceptedConfig.Empty, AcceptedConfig.Empty);
        var (byChanges, codes) = (0, new HashSet<string>());
        for (var step = 0; step < Steps; step++)
        {
            for (var change = random.Next(3); change >= 0; change--)
            {
                Change(files, random);
            }

            var wasSound = quick.IsSound;
            quick = quick.Next([.. files.Values], [], s_settings);
            whole = whole.NextAnew([.. files.Values], [], s_settings);

            Assert.True(whole.Snapshot.Objects.AsEnumerable().SequenceEqual(quick.Snapshot.Objects, ReferenceEqualityComparer.Instance), $"step {step}");
            Assert.Equal(whole.Snapshot.Problems.AsEnumerable(), quick.Snapshot.Problems);
            Assert.Equal(whole.IsSound, quick.IsSound);
            byChanges += wasSound && quick.IsSound ? 1 : 0;
            codes.UnionWith(quick.Snapshot.Problems.Select(p => p.Code));
        }

        Assert.InRange(byChanges, Steps / 10, Steps - (Steps / 10));
        Assert.Empty(s_codes.Except(codes));
    }

    [Fact]
    public void Other_settings_begin_anew()
    {
        var file = Reading.File(Docs(Service("reviews"), Route("reviews", "reviews.default.svc.cluster.local")), "a.yaml");
        var before = AcceptedConfig.Empty.Next([file], [], s_settings);

        var after = before.Next([file], [], s_settings with { ClusterDomain = "mesh.local" });

        Assert.Empty(before.Snapshot.Problems);
        Assert.NotEmpty(after.Snapshot.Problems);
    }

    [Fact]
    public void Many_changes_are_no_changes()
    {
        ParsedFile[] files = [.. Enumerable.Range(0, 600).Select(i => Reading.File(Service($"s{i}"), $"{i:D4}.yaml"))];

        Assert.Null(FileChanges.Between([], [.. files]));
        Assert.Equal("s0", Assert.Single(FileChanges.Between([.. files[..599]], [.. files[1..]])!.Gone).Meta.Id.Name);
    }

    private static void Change(SortedDictionary<string, ParsedFile> files, SeededRandom random)
    {
        if (random.Next(10) == 0)
        {
            files["hosts.yaml"] = Reading.File(s_hosts[random.Next(3) == 0 ? random.Next(s_hosts.Length) : random.Next(2)], "hosts.yaml");
        }

        var number = random.Next(12);
        var name = $"{number}.yaml";
        if (random.Next(4) == 0)
        {
            files.Remove(name);
            return;
        }

        // Mistakes are rare, and are repaired.
        var documents = Enumerable.Range(0, 1 + random.Next(2)).Select(document =>
            (random.Next(100) == 0 ? s_mistakes[random.Next(s_mistakes.Length)] : s_documents[random.Next(s_documents.Length)])
            .Replace("its-own", random.Next(60) == 0 ? "same" : $"n{number}-{document}", StringComparison.Ordinal));
        files[name] = Reading.File(Docs([.. documents]), name);
    }

    private static string Docs(params string[] documents) => string.Join("\n--- ", documents);

    private static string Service(string name) => $"{{apiVersion: v1, kind: Service, metadata: {{name: {name}}}, spec: {{ports: [{{port: 80}}]}}}}";

    private static string Rule(string name, string host, params string[] subsets) =>
        $"{{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {{name: {name}}}, spec: {{host: {host}, subsets: [{string.Join(", ", subsets.Select(s => $"{{name: {s}}}"))}]}}}}";

    private static string Route(string host, string destination) =>
        $"{{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {{name: its-own}}, spec: {{hosts: [{host}], http: [{{route: [{{destination: {{host: {destination}}}}}]}}]}}}}";
}
