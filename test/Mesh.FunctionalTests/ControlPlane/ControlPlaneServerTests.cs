using System.Net.Sockets;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.FunctionalTests.ControlPlane;

public sealed class ControlPlaneServerTests
{
    private const string Cluster = "outbound|9080||reviews.default.svc.cluster.local";

    private const string Services = """
        apiVersion: v1
        kind: Service
        metadata: { name: reviews, namespace: default }
        spec:
          selector: { app: reviews }
          ports: [ { name: http, port: 9080 } ]
        """;

    private const string Rules = """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: { name: reviews, namespace: default }
        spec:
          host: reviews
          subsets:
          - { name: v1, labels: { version: v1 } }
          - { name: v2, labels: { version: v2 } }
        """;

    [Fact]
    public async Task A_client_walks_from_listener_to_endpoints_and_hears_of_edits_and_of_workloads()
    {
        await using var plane = await ControlPlaneFixture.StartAsync(("services.yaml", Services), ("rules.yaml", Rules), ("routes.yaml", RouteTo("v1")));
        var certificate = await plane.JoinAsync("default", "bookinfo-productpage");
        await using var stream = new Stream(ControlPlaneFixture.Subscribe(plane.SecureChannel(certificate)), Node("productpage", "bookinfo-productpage"));

        var listener = (await stream.AskAsync(ResourceKinds.Listener.TypeUrl, "reviews:9080")).Resources.Single().Unpack<Listener>();
        Assert.Equal("reviews:9080", listener.Name);
        Assert.Contains("|v1|", Routes(await stream.AskAsync(ResourceKinds.Route.TypeUrl, Cluster)), StringComparison.Ordinal);
        var cluster = "outbound|9080|v2|reviews.default.svc.cluster.local";
        Assert.Equal(cluster, (await stream.AskAsync(ResourceKinds.Cluster.TypeUrl, cluster)).Resources.Single().Unpack<Cluster>().Name);
        Assert.Empty(Endpoints(await stream.AskAsync(ResourceKinds.Endpoints.TypeUrl, cluster)));

        plane.Write("routes.yaml", RouteTo("v2"));
        Assert.Contains("|v2|", Routes(await stream.NextAsync(ResourceKinds.Route.TypeUrl)), StringComparison.Ordinal);

        await using (var workload = new Stream(
            ControlPlaneFixture.Subscribe(plane.SecureChannel(), plane.Token("default", "bookinfo-reviews")), Node("reviews", "bookinfo-reviews", 7001)))
        {
            await workload.AskAsync(ResourceKinds.Listener.TypeUrl, "xds.istio.io/grpc/lds/inbound/127.0.0.1:7001");
            var joined = Endpoints(await stream.NextAsync(ResourceKinds.Endpoints.TypeUrl)).Single();
            Assert.Equal("istio", joined.Metadata.FilterMetadata["envoy.transport_socket_match"].Fields["tlsMode"].StringValue);
        }

        Assert.Empty(Endpoints(await stream.NextAsync(ResourceKinds.Endpoints.TypeUrl)));
    }

    [Fact]
    public async Task A_bad_edit_keeps_the_last_good_configuration()
    {
        await using var plane = await ControlPlaneFixture.StartAsync(("services.yaml", Services), ("rules.yaml", Rules), ("routes.yaml", RouteTo("v1")));
        await using var stream = new Stream(ControlPlaneFixture.Subscribe(plane.PlaintextChannel()), Node("productpage", "any"));
        await stream.AskAsync(ResourceKinds.Route.TypeUrl, Cluster);

        plane.Write("routes.yaml", "kind: [");
        plane.Write("more.yaml", Services.Replace("reviews", "ratings", StringComparison.Ordinal));

        // The new service proves that the bad file was seen, and the answer that its last good content is in force.
        Assert.Single((await stream.UntilAsync(ResourceKinds.Listener.TypeUrl, "ratings:9080")).Resources);
        Assert.Contains("|v1|", Routes(await stream.AskAsync(ResourceKinds.Route.TypeUrl, Cluster, "again")), StringComparison.Ordinal);
        Assert.NotEmpty(plane.Server.Config.Problems);
    }

    [Fact]
    public async Task What_does_not_exist_is_said_at_once()
    {
        await using var plane = await ControlPlaneFixture.StartAsync(("services.yaml", Services));
        await using var stream = new Stream(ControlPlaneFixture.Subscribe(plane.PlaintextChannel()), Node("productpage", "any"));

        var error = Assert.Single((await stream.AskAsync(ResourceKinds.Listener.TypeUrl, "nowhere:80")).ResourceErrors);

        Assert.Equal("nowhere:80", error.ResourceName.Name);
    }

    [Fact]
    public async Task Without_proof_or_with_another_namespace_the_secure_port_refuses()
    {
        await using var plane = await ControlPlaneFixture.StartAsync(("services.yaml", Services));
        var certificate = await plane.JoinAsync("default", "reviews");
        (string? Token, bool Certificate, Node Node, GrpcStatusCode Expected)[] cases =
        [
            (null, false, Node("reviews", "reviews"), GrpcStatusCode.Unauthenticated),
            ("forged.token", false, Node("reviews", "reviews"), GrpcStatusCode.Unauthenticated),
            (plane.Token("prod", "reviews"), false, Node("reviews", "reviews"), GrpcStatusCode.PermissionDenied),
            (plane.Token("default", "other"), false, Node("reviews", "reviews"), GrpcStatusCode.PermissionDenied),
            (null, true, Node("reviews", "other"), GrpcStatusCode.PermissionDenied),
        ];

        foreach (var (token, withCertificate, node, expected) in cases)
        {
            var channel = plane.SecureChannel(withCertificate ? certificate : null);
            Assert.Equal(expected, (await RefusalAsync(() => ControlPlaneFixture.Subscribe(channel, token), node)).Status);
        }
    }

    [Fact]
    public async Task Certificates_are_not_issued_over_plaintext()
    {
        await using var plane = await ControlPlaneFixture.StartAsync();

        var failure = await Assert.ThrowsAsync<GrpcException>(() => plane.PlaintextChannel().UnaryAsync(
            WellKnownMethods.CreateCertificate,
            new Istio.V1.Auth.IstioCertificateRequest(),
            new GrpcCallOptions(Metadata: [new("authorization", $"Bearer {plane.Token("default", "reviews")}")]),
            CancellationToken.None));

        Assert.Equal(GrpcStatusCode.Unauthenticated, failure.Status);
    }

    [Fact]
    public async Task Random_bytes_hurt_nobody_else()
    {
        await using var plane = await ControlPlaneFixture.StartAsync(("services.yaml", Services), ("rules.yaml", Rules), ("routes.yaml", RouteTo("v1")));
        await using var stream = new Stream(ControlPlaneFixture.Subscribe(plane.PlaintextChannel()), Node("productpage", "any"));
        await stream.AskAsync(ResourceKinds.Route.TypeUrl, Cluster);
        var random = new Random(15010);

        for (var i = 0; i < 50; i++)
        {
            await SendBytesAsync(plane.Server.XdsEndPoint!, random);
            await SendBytesAsync(plane.Server.SecureEndPoint, random);
            await SendGrpcBytesAsync(plane.Server.XdsEndPoint!, random);
        }

        plane.Write("routes.yaml", RouteTo("v2"));
        Assert.Contains("|v2|", Routes(await stream.NextAsync(ResourceKinds.Route.TypeUrl)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_tells_clients_to_go_elsewhere()
    {
        var plane = await ControlPlaneFixture.StartAsync(("services.yaml", Services));
        await using var stream = new Stream(ControlPlaneFixture.Subscribe(plane.PlaintextChannel()), Node("productpage", "any"));
        await stream.AskAsync(ResourceKinds.Listener.TypeUrl, "reviews:9080");

        await plane.Server.DisposeAsync();

        var failure = await Assert.ThrowsAsync<GrpcException>(() => stream.NextAsync(ResourceKinds.Listener.TypeUrl));
        Assert.Equal(GrpcStatusCode.Unavailable, failure.Status);
        await plane.DisposeAsync();
    }

    /// <summary>
    /// What the server says. HttpClient may notice that it takes no more of the request before it has read why: then it is asked again,
    /// as every client does.
    /// </summary>
    private static async Task<GrpcException> RefusalAsync(Func<GrpcDuplexCall<DiscoveryRequest, DiscoveryResponse>> subscribe, Node node)
    {
        while (true)
        {
            await using var stream = new Stream(subscribe(), node);
            var refusal = await Assert.ThrowsAsync<GrpcException>(() => stream.AskAsync(ResourceKinds.Listener.TypeUrl, "reviews:9080"));
            if (refusal.Status != GrpcStatusCode.Unavailable)
            {
                return refusal;
            }
        }
    }

    private static IEnumerable<LbEndpoint> Endpoints(DiscoveryResponse response) =>
        response.Resources.Single().Unpack<ClusterLoadAssignment>().Endpoints.SelectMany(locality => locality.LbEndpoints);

    private static string Routes(DiscoveryResponse response) => response.Resources.Single().Unpack<RouteConfiguration>().ToString();

    private static string RouteTo(string subset) => $$"""
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: { name: reviews, namespace: default }
        spec:
          hosts: [ reviews ]
          http:
          - route: [ { destination: { host: reviews, subset: {{subset}} } } ]
        """;

    private static Node Node(string app, string serviceAccount, int port = 0)
    {
        var labels = new Struct
        {
            Fields =
            {
                ["app"] = Value.ForString(app),
                ["version"] = Value.ForString("v2"),
                ["security.istio.io/tlsMode"] = Value.ForString("istio"),
            },
        };
        var node = new Node
        {
            Id = $"sidecar~127.0.0.1~{app}-00000001.default~default.svc.cluster.local",
            Metadata = new Struct
            {
                Fields =
                {
                    ["GENERATOR"] = Value.ForString("mesh"),
                    ["NAMESPACE"] = Value.ForString("default"),
                    ["SERVICE_ACCOUNT"] = Value.ForString(serviceAccount),
                    ["WORKLOAD_NAME"] = Value.ForString(app),
                    ["INSTANCE_IPS"] = Value.ForString("127.0.0.1"),
                    ["LABELS"] = Value.ForStruct(labels),
                },
            },
        };
        if (port > 0)
        {
            node.Metadata.Fields["POD_PORTS"] = Value.ForString($$"""[{"name":"http","containerPort":{{port}},"protocol":"TCP"}]""");
        }

        return node;
    }

    private static async Task SendBytesAsync(System.Net.IPEndPoint endPoint, Random random)
    {
        var bytes = new byte[random.Next(1, 200)];
        random.NextBytes(bytes);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint);
        await socket.SendAsync(bytes);
    }

    private static async Task SendGrpcBytesAsync(System.Net.IPEndPoint endPoint, Random random)
    {
        var bytes = new byte[random.Next(1, 200)];
        random.NextBytes(bytes);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{endPoint}{WellKnownMethods.StreamAggregatedResources.Path}")
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(bytes) { Headers = { { "content-type", "application/grpc" } } },
        };
        using var response = await client.SendAsync(request);
        Assert.NotEqual("0", response.Headers.GetValues("grpc-status").Single());
    }

    /// <summary>A stream that acknowledges what it reads.</summary>
    private sealed class Stream(GrpcDuplexCall<DiscoveryRequest, DiscoveryResponse> call, Node node) : IAsyncDisposable
    {
        private readonly Dictionary<string, string[]> _names = [];
        private readonly Dictionary<string, string> _nonces = [];

        public async Task<DiscoveryResponse> AskAsync(string type, params string[] names)
        {
            _names[type] = names;
            await SendAsync(type);
            return await NextAsync(type);
        }

        /// <summary>Waits until a resource that may not exist yet is there.</summary>
        public async Task<DiscoveryResponse> UntilAsync(string type, string name)
        {
            var response = await AskAsync(type, name);
            while (response.Resources.Count == 0)
            {
                response = await NextAsync(type);
            }

            return response;
        }

        /// <summary>The next response of the type; those of other types are acknowledged and passed over.</summary>
        public async Task<DiscoveryResponse> NextAsync(string type)
        {
            while (true)
            {
                var response = await call.ReadAsync(CancellationToken.None).WaitAsync(ControlPlaneFixture.Patience)
                    ?? throw new InvalidOperationException("The stream ended.");
                _nonces[response.TypeUrl] = response.Nonce;
                await SendAsync(response.TypeUrl, response.VersionInfo);
                if (response.TypeUrl == type)
                {
                    return response;
                }
            }
        }

        public ValueTask DisposeAsync() => call.DisposeAsync();

        private Task SendAsync(string type, string version = "") => call.WriteAsync(
            new DiscoveryRequest
            {
                Node = node,
                TypeUrl = type,
                ResourceNames = { _names[type] },
                VersionInfo = version,
                ResponseNonce = _nonces.GetValueOrDefault(type, ""),
            },
            CancellationToken.None);
    }
}
