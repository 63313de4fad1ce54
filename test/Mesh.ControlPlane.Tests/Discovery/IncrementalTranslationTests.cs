using System.Collections.Immutable;
using System.Text;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

/// <summary>Whatever changes, and in whatever order: what is kept from state to state and shared between clients is what a new control plane would say.</summary>
public sealed class IncrementalTranslationTests
{
    private const int Steps = 40;

    private static readonly string[] s_hosts =
    [
        "reviews.default.svc.cluster.local", "ratings.prod.svc.cluster.local", "details.default.svc.cluster.local",
        "api.example.com", "vm.example.com", "*.example.com", "unknown.example.com",
    ];

    private static readonly string[] s_names =
    [
        .. from host in s_hosts from subset in (string[])["", "v1", "v2"] select $"outbound|80|{subset}|{host}",
        .. s_hosts.Select(host => $"{host}:80"),
        "reviews:80", "ratings.prod:80", "x.example.com:80",
        "xds.istio.io/grpc/lds/inbound/0.0.0.0:8080",
        "http.8080", "http.80", "https.443.https.edge.default",
    ];

    private static readonly ProxyView[] s_clients =
    [
        Client("default", "app=a", "region-1", "zone-1"),
        Client("default", "app=b,tier=gold", "region-1", "zone-2"),
        Client("default", "app=reviews,version=v1", "region-1", "zone-1") with { Profile = ProxyProfile.Grpc },
        Client("prod", "app=a", "", ""),
        Client("prod", "app=ratings", "region-2", "zone-1") with { Profile = ProxyProfile.Grpc },
        Client("elsewhere", "app=a", "region-1", "zone-1"),
        Client("edge", "istio=ingressgateway", "", "") with { IsGateway = true },
    ];

    private static readonly ImmutableArray<MeshObject> s_objects = Read("""
        { apiVersion: v1, kind: Service, metadata: { name: reviews }, spec: { selector: { app: reviews }, ports: [ { name: http, port: 80, targetPort: 8080 } ] } }
        ---
        { apiVersion: v1, kind: Service, metadata: { name: ratings, namespace: prod }, spec: { selector: { app: ratings }, ports: [ { name: http, port: 80 } ] } }
        ---
        { apiVersion: v1, kind: Service, metadata: { name: details, annotations: { networking.istio.io/exportTo: "." } }, spec: { selector: { app: details }, ports: [ { name: http, port: 80 } ] } }
        ---
        { apiVersion: v1, kind: Service, metadata: { name: cache }, spec: { selector: { app: a }, ports: [ { name: tcp, port: 6379, targetPort: cache } ] } }
        ---
        { apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: { name: api }, spec: { hosts: [ api.example.com ], ports: [ { number: 80, name: http, protocol: HTTP } ], resolution: DNS, location: MESH_EXTERNAL } }
        ---
        { apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: { name: wild }, spec: { hosts: [ "*.example.com" ], ports: [ { number: 80, name: http, protocol: HTTP } ], resolution: NONE, location: MESH_EXTERNAL } }
        ---
        { apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: { name: vm }, spec: { hosts: [ vm.example.com ], ports: [ { number: 80, name: http, protocol: HTTP } ], resolution: STATIC, location: MESH_INTERNAL, workloadSelector: { labels: { app: reviews } } } }
        ---
        { apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: reviews }, spec: { hosts: [ reviews ], http: [ { timeout: 1s, route: [ { destination: { host: reviews } } ] } ] } }
        ---
        { apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: gold }, spec: { hosts: [ reviews ], http: [ { match: [ { sourceLabels: { tier: gold } } ], route: [ { destination: { host: ratings.prod.svc.cluster.local } } ] }, { route: [ { destination: { host: reviews } } ] } ] } }
        ---
        { apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: own, namespace: prod }, spec: { hosts: [ reviews.default.svc.cluster.local ], exportTo: [ "." ], http: [ { timeout: 2s, route: [ { destination: { host: ratings } } ] } ] } }
        ---
        { apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: wild }, spec: { hosts: [ "*.example.com" ], http: [ { timeout: 3s, route: [ { destination: { host: api.example.com } } ] } ] } }
        ---
        { apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: root }, spec: { hosts: [ ratings.prod.svc.cluster.local ], http: [ { match: [ { uri: { prefix: /a } } ], delegate: { name: leaf } }, { route: [ { destination: { host: ratings.prod.svc.cluster.local } } ] } ] } }
        ---
        { apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: leaf }, spec: { http: [ { timeout: 4s, route: [ { destination: { host: reviews } } ] } ] } }
        ---
        { apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: { name: reviews }, spec: { host: reviews, trafficPolicy: { outlierDetection: { consecutive5xxErrors: 3 }, loadBalancer: { consistentHash: { httpHeaderName: x-user } } }, subsets: [ { name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } } ] } }
        ---
        { apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: { name: ratings, namespace: prod }, spec: { host: ratings, trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: x-key } } } } }
        ---
        { apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: { name: mine, namespace: elsewhere }, spec: { host: reviews.default.svc.cluster.local, trafficPolicy: { connectionPool: { http: { http2MaxRequests: 7 } } } } }
        ---
        { apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: { name: all, namespace: istio-system }, spec: { host: "*", trafficPolicy: { outlierDetection: { consecutive5xxErrors: 9 } } } }
        ---
        { apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: { name: default }, spec: { mtls: { mode: STRICT } } }
        ---
        { apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: { name: plain, namespace: prod }, spec: { selector: { matchLabels: { app: ratings } }, mtls: { mode: DISABLE } } }
        ---
        { apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: { name: mesh, namespace: istio-system }, spec: { mtls: { mode: DISABLE } } }
        ---
        { apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: { name: everywhere, namespace: istio-system }, spec: { action: DENY, rules: [ { to: [ { operation: { methods: [ TRACE ] } } ] } ] } }
        ---
        { apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: { name: allow, namespace: prod }, spec: { rules: [ { from: [ { source: { namespaces: [ default ] } } ] } ] } }
        ---
        { apiVersion: security.istio.io/v1, kind: RequestAuthentication, metadata: { name: jwt }, spec: { jwtRules: [ { issuer: example.com, jwks: '{"keys":[{"kty":"EC","crv":"P-256","kid":"1","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}' } ] } }
        ---
        { apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: { name: deny }, spec: { selector: { matchLabels: { app: reviews } }, action: DENY, rules: [ { to: [ { operation: { methods: [ DELETE ] } } ] } ] } }
        ---
        { apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: { name: narrow }, spec: { workloadSelector: { labels: { tier: gold } }, egress: [ { hosts: [ "./*" ] } ], outboundTrafficPolicy: { mode: REGISTRY_ONLY } } }
        ---
        { apiVersion: networking.istio.io/v1, kind: WorkloadEntry, metadata: { name: one }, spec: { address: 10.0.0.1, labels: { app: reviews, version: v1 }, serviceAccount: one, locality: region-1/zone-1 } }
        ---
        { apiVersion: networking.istio.io/v1, kind: WorkloadEntry, metadata: { name: two }, spec: { address: 10.0.0.2, labels: { app: reviews, version: v2 }, serviceAccount: two, locality: region-1/zone-2 } }
        ---
        { apiVersion: v1, kind: Service, metadata: { name: ingress, namespace: edge }, spec: { selector: { istio: ingressgateway }, ports: [ { name: http, port: 80, targetPort: web } ] } }
        ---
        { apiVersion: networking.istio.io/v1, kind: Gateway, metadata: { name: edge }, spec: { selector: { istio: ingressgateway }, servers: [ { port: { number: 80, name: http, protocol: HTTP }, hosts: [ "*" ] }, { port: { number: 443, name: https, protocol: HTTPS }, hosts: [ shop.example.com ], tls: { mode: SIMPLE, credentialName: shop } } ] } }
        ---
        { apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: shop }, spec: { hosts: [ shop.example.com ], gateways: [ edge ], http: [ { match: [ { uri: { prefix: /a } } ], delegate: { name: leaf } }, { route: [ { destination: { host: reviews } } ] } ] } }
        ---
        { apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: both }, spec: { hosts: [ reviews.default.svc.cluster.local ], gateways: [ edge, mesh ], http: [ { timeout: 5s, route: [ { destination: { host: ratings.prod.svc.cluster.local } } ] } ] } }
        ---
        { apiVersion: networking.istio.io/v1, kind: WorkloadEntry, metadata: { name: three, namespace: prod }, spec: { address: 10.0.0.3, labels: { app: ratings }, serviceAccount: three } }
        """);

    /// <summary>Other versions of some: in selector, target, sessions, visibility, ports and age.</summary>
    private static readonly ImmutableArray<MeshObject> s_versions = Read("""
        { apiVersion: v1, kind: Service, metadata: { name: reviews }, spec: { selector: { app: reviews, version: v1 }, ports: [ { name: http, port: 80, targetPort: 8080 } ] } }
        ---
        { apiVersion: v1, kind: Service, metadata: { name: reviews }, spec: { selector: { app: reviews }, ports: [ { name: http, port: 80, targetPort: 9090 } ] } }
        ---
        { apiVersion: v1, kind: Service, metadata: { name: reviews }, spec: { selector: { app: details }, trafficDistribution: PreferClose, ports: [ { name: http, port: 80, targetPort: 8080 } ] } }
        ---
        { apiVersion: v1, kind: Service, metadata: { name: reviews, labels: { istio.io/persistent-session: cookie } }, spec: { selector: { app: reviews }, ports: [ { name: http, port: 80, targetPort: 8080 } ] } }
        ---
        { apiVersion: v1, kind: Service, metadata: { name: ratings, namespace: prod, annotations: { alpha.istio.io/kubernetes-serviceaccounts: other } }, spec: { selector: { app: ratings }, ports: [ { name: http, port: 80 } ] } }
        ---
        { apiVersion: v1, kind: Service, metadata: { name: ratings, namespace: prod, annotations: { networking.istio.io/exportTo: "." } }, spec: { selector: { app: ratings }, ports: [ { name: http, port: 80 } ] } }
        ---
        { apiVersion: v1, kind: Service, metadata: { name: ratings, namespace: prod }, spec: { selector: { app: ratings }, ports: [ { name: tcp, port: 80 } ] } }
        ---
        { apiVersion: v1, kind: Service, metadata: { name: details }, spec: { selector: { app: details }, ports: [ { name: http, port: 80 }, { name: more, port: 81 } ] } }
        """);

    private static readonly RegisteredWorkload[] s_workloads =
    [
        Mesh.Workload("reviews-1", "app=reviews,version=v1", "10.1.0.1", "http=8080", locality: "region-1/zone-1/"),
        Mesh.Workload("reviews-2", "app=reviews,version=v2", "10.1.0.2", "http=8080", account: "other", locality: "region-2/zone-1/"),
        Mesh.Workload("prod/ratings-1", "app=ratings", "10.1.0.3", "http=8080", locality: "region-2/zone-1/"),
        Mesh.Workload("edge/ingress-1", "istio=ingressgateway", "10.1.0.5", "web=8080", mutualTls: false),
        Mesh.Workload("cache-1", "app=a", "10.1.0.6", "cache=8080,other=9090"),
        Mesh.Workload("details-1", "app=details", "10.1.0.4", "http=8080", authenticated: false),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_state_is_as_if_made_anew_and_every_difference_is_announced(int seed)
    {
        var random = new SeededRandom(seed);
        var (objects, workloads) = (s_objects.ToHashSet(), s_workloads.ToHashSet());
        var current = new ModelResources("0", Model(objects, workloads));
        var known = Everything(current);
        var partial = 0;
        for (var step = 1; step <= Steps; step++)
        {
            for (var change = random.Next(3); change >= 0; change--)
            {
                Toggle(random, objects, workloads);
            }

            var next = new ModelResources($"{step}", Model(objects, workloads, current.Model), null, current);
            var scope = next.TakeChanges();
            partial += scope.IsEverything ? 0 : 1;
            var now = Everything(next);
            var anew = Everything(new ModelResources($"{step}", Model(objects, workloads)));
            foreach (var (key, resource) in now)
            {
                Assert.Equal(anew[key], resource);
                if (!scope.IsEverything && !Equals(known[key], resource))
                {
                    Assert.True(IsAnnounced(scope, key), $"{key} changed in step {step}, and no client is told");
                }
                else if (!scope.IsEverything && !IsAnnounced(scope, key))
                {
                    Assert.Same(known[key], resource);
                }
            }

            (current, known) = (next, now);
        }

        Assert.InRange(partial, Steps / 4, Steps);
    }

    [Fact]
    public void A_route_that_changes_is_all_that_changes()
    {
        var before = new ModelResources("1", Model([.. s_objects], [.. s_workloads]));
        Everything(before);
        var route = s_objects.Single(o => o.Meta.Id is { Kind: "VirtualService", Name: "reviews" });

        var after = new ModelResources("2", Model([.. s_objects.Remove(route)], [.. s_workloads], before.Model), null, before);

        var scope = after.TakeChanges();
        Assert.False(scope.IsEverything);
        Assert.Equal(
            ["outbound|80|v1|reviews.default.svc.cluster.local", "outbound|80|v2|reviews.default.svc.cluster.local", "outbound|80||reviews.default.svc.cluster.local"],
            scope.Names(TypeUrl.Route).Order(StringComparer.Ordinal));
        Assert.Empty(scope.Names(TypeUrl.Listener));
    }

    [Fact]
    public void A_workload_that_comes_leaves_routes_alone()
    {
        var before = new ModelResources("1", Model([.. s_objects], []));
        Everything(before);

        var after = new ModelResources("2", Model([.. s_objects], [s_workloads[2]], before.Model), null, before);

        var scope = after.TakeChanges();
        Assert.Empty(scope.Names(TypeUrl.Route));
        Assert.All(scope.Names(TypeUrl.Endpoints), name => Assert.EndsWith("|ratings.prod.svc.cluster.local", name, StringComparison.Ordinal));
        Assert.NotEmpty(scope.Names(TypeUrl.Endpoints));
    }

    [Theory]
    [InlineData("AuthorizationPolicy", "deny", false)]
    [InlineData("RequestAuthentication", "jwt", false)]
    [InlineData("PeerAuthentication", "default", true)]
    public void A_policy_that_changes_concerns_the_servers_of_its_namespace(string kind, string name, bool isSeenByCallers)
    {
        var before = new ModelResources("1", Model([.. s_objects], [.. s_workloads]));
        Everything(before);
        var policy = s_objects.Single(o => o.Meta.Id.Kind == kind && o.Meta.Id is { Name: var n, Namespace: "default" } && n == name);

        var after = new ModelResources("2", Model([.. s_objects.Remove(policy)], [.. s_workloads], before.Model), null, before);

        var scope = after.TakeChanges();
        Assert.False(scope.IsEverything);
        Assert.Equal(["default"], scope.ServersOf);
        Assert.Equal(["default"], scope.GrpcServersOf);
        Assert.Empty(scope.Names(TypeUrl.Listener));
        Assert.Empty(scope.Names(TypeUrl.Route));
        Assert.Equal(isSeenByCallers, scope.Names(TypeUrl.Endpoints).Contains("outbound|80||reviews.default.svc.cluster.local"));
        Assert.DoesNotContain("outbound|80||ratings.prod.svc.cluster.local", scope.Names(TypeUrl.Endpoints));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(6, true)]
    [InlineData(7, true)]
    public void A_service_that_leads_elsewhere_concerns_its_host_and_one_of_other_names_everything(int version, bool isEverything)
    {
        var before = new ModelResources("1", Model([.. s_objects], [.. s_workloads]));
        Everything(before);
        var next = s_versions[version];
        var host = $"{next.Meta.Id.Name}.{next.Meta.Id.Namespace}.svc.cluster.local";

        var after = new ModelResources("2", Model([.. s_objects.Where(o => o.Meta.Id != next.Meta.Id), next], [.. s_workloads], before.Model), null, before);

        var scope = after.TakeChanges();
        Assert.Equal(isEverything, scope.IsEverything);
        if (!isEverything)
        {
            Assert.All(scope.Names(TypeUrl.Endpoints), name => Assert.EndsWith($"|{host}", name, StringComparison.Ordinal));
            Assert.Contains($"outbound|80||{host}", scope.Names(TypeUrl.Cluster));
            Assert.Equal([next.Meta.Id.Namespace], scope.ServersOf);
        }
    }

    [Fact]
    public void A_policy_of_the_root_namespace_concerns_everybody()
    {
        var before = new ModelResources("1", Model([.. s_objects], []));
        Everything(before);
        var policy = s_objects.Single(o => o.Meta.Id is { Kind: "AuthorizationPolicy", Namespace: "istio-system" });

        var after = new ModelResources("2", Model([.. s_objects.Remove(policy)], [], before.Model), null, before);

        Assert.True(after.TakeChanges().IsEverything);
    }

    [Fact]
    public void A_Service_whose_port_leads_elsewhere_is_news_for_its_gateway()
    {
        const string name = "http.8080";
        var ingress = (Service)s_objects.Single(o => o.Meta.Id is { Kind: "Service", Name: "ingress" });
        var before = new ModelResources("1", Model([.. s_objects], []));
        var known = Everything(before);
        var moved = ingress with { Ports = [ingress.Ports[0] with { TargetName = null, TargetNumber = 8080 }] };

        var after = new ModelResources("2", Model([.. s_objects.Replace(ingress, moved)], [], before.Model), null, before);

        var scope = after.TakeChanges();
        Assert.True(scope.IsEverything || scope.OfGateways);
        var gateway = s_clients.Single(c => c.IsGateway);
        Assert.NotEqual(known[(gateway, TypeUrl.Route, name)], after.ViewFor(gateway).Find(TypeUrl.Route, name));
    }

    [Fact]
    public void Clients_that_differ_in_nothing_that_matters_share_one_object()
    {
        var resources = new ModelResources("1", Model([.. s_objects], []));
        const string name = "outbound|80||ratings.prod.svc.cluster.local";

        var one = resources.ViewFor(Client("default", "app=a", "region-1", "zone-1")).Find(TypeUrl.Route, name);
        var other = resources.ViewFor(Client("default", "app=b", "region-2", "zone-2")).Find(TypeUrl.Route, name);

        Assert.NotNull(one);
        Assert.Same(one, other);
    }

    private static bool IsAnnounced(PushScope scope, (ProxyView Client, string Type, string Name) key) =>
        scope.Names(key.Type).Contains(key.Name)
        || (scope.OfGateways && key.Client.IsGateway && key.Type is TypeUrl.Listener or TypeUrl.Route)
        || (key.Type == TypeUrl.Listener
            && (key.Client.Profile == ProxyProfile.Grpc ? scope.GrpcServersOf : scope.ServersOf).Contains(key.Client.Namespace));

    private static void Toggle(SeededRandom random, HashSet<MeshObject> objects, HashSet<RegisteredWorkload> workloads)
    {
        // Mostly what changes all day; the rest changes everything.
        var frequent = s_objects.Where(o => o is VirtualService or DestinationRule or WorkloadEntry or PeerAuthentication or AuthorizationPolicy or RequestAuthentication).ToList();
        switch (random.Next(10))
        {
            case 0:
                Toggle(objects, s_objects[random.Next(s_objects.Length)]);
                break;
            case 1 or 2:
                var version = s_versions[random.Next(s_versions.Length)];
                objects.RemoveWhere(o => o.Meta.Id == version.Meta.Id);
                objects.Add(random.Next(2) == 0 ? version : s_objects.Single(o => o.Meta.Id == version.Meta.Id));
                break;
            case < 8:
                Toggle(objects, frequent[random.Next(frequent.Count)]);
                break;
            default:
                Toggle(workloads, s_workloads[random.Next(s_workloads.Length)]);
                break;
        }
    }

    private static void Toggle<T>(HashSet<T> all, T one)
    {
        if (!all.Remove(one))
        {
            all.Add(one);
        }
    }

    private static Dictionary<(ProxyView Client, string Type, string Name), TranslatedResource?> Everything(ModelResources resources) =>
        (from client in s_clients
         from type in ResourceTranslator.TypeUrls
         from name in s_names
         select (Key: (Client: client, Type: type, Name: name), Value: (TranslatedResource?)resources.ViewFor(client).Find(type, name))).ToDictionary(e => e.Key, TranslatedResource? (e) => e.Value);

    private static MeshModel Model(HashSet<MeshObject> objects, HashSet<RegisteredWorkload> workloads, MeshModel? previous = null) => new(
        new MeshSettings(),
        [.. objects.OrderBy(o => o.Meta.Id.ToString(), StringComparer.Ordinal)],
        [.. workloads.OrderBy(w => w.Id, StringComparer.Ordinal)],
        previous);

    private static ProxyView Client(string ns, string labels, string region, string zone) =>
        new(ProxyProfile.Mesh, ns, "client", "client-1", Mesh.Labels(labels), new LocalityId(region, zone, ""));

    private static ImmutableArray<MeshObject> Read(string yaml)
    {
        var file = ConfigFileReader.Parse("mesh.yaml", Encoding.UTF8.GetBytes(yaml), YamlLimits.Default);
        Assert.Empty(file.Problems);
        return [.. file.Objects.Select(o => o.Object ?? throw new InvalidOperationException(string.Join('\n', o.Problems)))];
    }
}
