using Envoy.Config.Listener.V3;
using Envoy.Config.Rbac.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Filters.Network.TcpProxy.V3;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Tests.Resources;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Resources;
using NetworkRbac = Envoy.Extensions.Filters.Network.Rbac.V3.RBAC;

namespace ProxylessMesh.ControlPlane.Tests.Translation.Listeners;

/// <summary>Inbound listeners of ports of TCP; the policies are those of istio.io, "TCP Traffic".</summary>
public sealed class TcpListenerTests
{
    private const string TcpProxyName = "envoy.filters.network.tcp_proxy";

    [Fact]
    public void ALLOW_by_ports_is_Istios_filter_byte_for_byte()
    {
        var filter = Assert.Single(Rbac("{action: ALLOW, rules: [{to: [{operation: {ports: ['9000', '9001']}}]}]}"));

        Assert.Equal(
            new NetworkRbac
            {
                StatPrefix = "tcp.",
                Rules = new RBAC
                {
                    Action = RBAC.Types.Action.Allow,
                    Policies =
                    {
                        ["ns[default]-policy[tcp-policy]-rule[0]"] = new Policy
                        {
                            Permissions = { All(Any(new Permission { DestinationPort = 9000 }, new Permission { DestinationPort = 9001 })) },
                            Principals = { new Principal { Any = true } },
                        },
                    },
                },
            },
            filter);
    }

    [Theory]
    [InlineData("{to: [{operation: {methods: [GET], ports: ['9000']}}]}")]
    [InlineData("{to: [{operation: {notPaths: [/a]}}]}")]
    [InlineData("{to: [{operation: {hosts: [a]}}]}")]
    [InlineData("{to: [{operation: {ports: ['9000']}}, {operation: {methods: [GET]}}]}")]
    [InlineData("{from: [{source: {requestPrincipals: ['*']}}]}")]
    [InlineData("{from: [{source: {notRequestPrincipals: ['*'], namespaces: [a]}}]}")]
    [InlineData("{when: [{key: 'request.headers[x]', notValues: [a]}]}")]
    [InlineData("{when: [{key: request.auth.audiences, values: [a]}]}")]
    [InlineData("{when: [{key: 'request.auth.claims[a]', notValues: [a]}]}")]
    public void A_rule_of_ALLOW_that_speaks_of_requests_is_left_out(string rule)
    {
        var rules = Assert.Single(Rbac($"{{action: ALLOW, rules: [{rule}, {{from: [{{source: {{ipBlocks: [10.0.0.0/8]}}}}]}}]}}")).Rules;

        Assert.Equal(["ns[default]-policy[tcp-policy]-rule[1]"], rules.Policies.Keys);
        Assert.Empty(Assert.Single(Rbac($"{{action: ALLOW, rules: [{rule}]}}")).Rules.Policies);
    }

    [Theory]
    [InlineData("DENY", RBAC.Types.Action.Deny)]
    [InlineData("AUDIT", RBAC.Types.Action.Log)]
    public void Another_rule_loses_only_what_it_cannot_ask(string action, object meaning)
    {
        const string Rule = """
            {from: [{source: {requestPrincipals: ["*"], namespaces: [a]}}],
             to: [{operation: {methods: [GET], notPaths: [/a], hosts: [b], ports: ["9000"]}}],
             when: [{key: "request.headers[x]", values: [a]}, {key: destination.ip, values: [10.0.0.1]}, {key: connection.sni, values: ["*.a"]}]}
            """;
        var rules = Assert.Single(Rbac($"{{action: {action}, rules: [{Rule}]}}")).Rules;

        Assert.Equal(meaning, rules.Action);
        var policy = rules.Policies.Values.Single();
        Assert.Equal(
            [Permission.RuleOneofCase.DestinationPort, Permission.RuleOneofCase.DestinationIp, Permission.RuleOneofCase.RequestedServerName],
            policy.Permissions.Single().AndRules.Rules.Select(r => r.OrRules.Rules.Single().RuleCase));
        Assert.Equal([Principal.IdentifierOneofCase.Authenticated], policy.Principals.Single().AndIds.Ids.Select(p => p.OrIds.Ids.Single().IdentifierCase));
    }

    [Fact]
    public void DENY_with_nothing_but_requests_denies_everything()
    {
        var policy = Assert.Single(Rbac("{action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}")).Rules.Policies.Values.Single();

        Assert.True(policy is { Permissions: [{ Any: true }], Principals: [{ Any: true }] });
    }

    [Fact]
    public void Filters_run_in_Istios_order_dry_runs_are_shadows_and_CUSTOM_refuses()
    {
        var filters = Filters(
            Policy("allow", "{rules: [{}]}"),
            Policy("dry", "{rules: [{}]}", dryRun: "true"),
            Policy("deny", "{action: DENY, rules: [{}]}"),
            Policy("dry-deny", "{action: DENY, rules: [{}]}", dryRun: "true"),
            Policy("custom", "{action: CUSTOM, provider: {name: p}, rules: [{to: [{operation: {paths: [/a], ports: ['9000']}}]}]}"),
            Policy("audit", "{action: AUDIT, rules: [{}]}"));

        Assert.Equal(
            ["Deny custom", "Log audit", "Deny deny shadow dry-deny istio_dry_run_deny_", "Allow allow shadow dry istio_dry_run_allow_"],
            filters.Select(f => $"{f.Rules.Action} {Names(f.Rules)}{(f.ShadowRules is null ? "" : $" shadow {Names(f.ShadowRules)} {f.ShadowRulesStatPrefix}")}"));
        Assert.Equal(9000u, filters[0].Rules.Policies.Values.Single().Permissions.Single().AndRules.Rules.Single().OrRules.Rules.Single().DestinationPort);

        static string Names(RBAC rules) => string.Join(' ', rules.Policies.Keys.Select(k => k.Split("policy[")[1].Split(']')[0]));
    }

    [Theory]
    [InlineData("PERMISSIVE", "tls raw_buffer", 5)]
    [InlineData("STRICT", "tls", null)]
    [InlineData("DISABLE", "", null)]
    public void Chains_are_those_of_peer_authentication(string mode, string transports, int? timeout)
    {
        var peers = Reading.Good<PeerAuthentication>($$"""
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: default}
            spec: { mtls: { mode: {{mode}} } }
            """);
        var listener = Listener(Mesh.Of(Tcp(), peers), 9000);

        Assert.Equal(transports.Split(' '), listener.FilterChains.Select(c => c.FilterChainMatch?.TransportProtocol ?? ""));
        Assert.All(listener.FilterChains, c => Assert.Equal(TcpProxyName, c.Filters.Single().Name));
        Assert.Equal("inbound|9000||", listener.FilterChains[0].Filters[^1].TypedConfig.Unpack<TcpProxy>().Cluster);
        Assert.Equal((timeout, timeout is not null), ((int?)listener.ListenerFiltersTimeout?.Seconds, listener.ContinueOnListenerFiltersTimeout));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(3, 3)]
    public void How_long_a_client_may_be_silent_is_a_setting(int seconds, int? timeout)
    {
        var listener = Listener(Mesh.Of(new MeshSettings { ProtocolDetectionTimeout = TimeSpan.FromSeconds(seconds) }, Tcp()), 9000);

        Assert.Equal((timeout, timeout is not null), ((int?)listener.ListenerFiltersTimeout?.Seconds, listener.ContinueOnListenerFiltersTimeout));
    }

    [Theory]
    [InlineData(PortProtocol.Tcp, true)]
    [InlineData(PortProtocol.Tls, true)]
    [InlineData(PortProtocol.Https, true)]
    [InlineData(PortProtocol.Http, false)]
    [InlineData(PortProtocol.Http2, false)]
    [InlineData(PortProtocol.Grpc, false)]
    [InlineData(PortProtocol.Unspecified, false)]
    public void What_a_port_declares_decides(object protocol, bool isTcp)
    {
        var model = Mesh.Of(Mesh.Service("echo", ports: [Mesh.Port(9000, "p", protocol: (PortProtocol)protocol)]));

        Assert.Equal(isTcp, IsTcp(model, 9000));
        Assert.False(IsTcp(model, 9001));
        Assert.False(IsTcp(model, 9000, labels: "app=other"));
        Assert.False(IsTcp(model, 9000, profile: ProxyProfile.Grpc));
    }

    [Fact]
    public void The_port_is_that_of_the_workload_and_all_services_must_agree()
    {
        var model = Mesh.Of(
            Mesh.Service("echo", ports: [Mesh.Port(80, "tcp", target: 9000, protocol: PortProtocol.Tcp), Mesh.Port(81, "tcp-named", targetName: "own", protocol: PortProtocol.Tcp), Mesh.Port(82, "tcp-b", target: 9002, protocol: PortProtocol.Tcp)]),
            Mesh.Service("more", "app=echo", ports: [Mesh.Port(9002, protocol: PortProtocol.Unspecified), Mesh.Port(9003)]),
            Mesh.Workload("echo-1", "app=echo", "10.0.0.1", "own=7000,x=9000,y=9002"));

        Assert.Equal((true, true, false, false, false), (IsTcp(model, 9000), IsTcp(model, 7000), IsTcp(model, 9002), IsTcp(model, 80), IsTcp(model, 9003)));
    }

    [Fact]
    public void Our_own_client_reads_it()
    {
        var model = Mesh.Of(Tcp(), Policy("deny", "{action: DENY, rules: [{from: [{source: {principals: [a/ns/b/sa/c], notIpBlocks: [10.0.0.1]}}]}]}"), Policy("none", "{}"), Policy("dry", "{rules: [{}]}", dryRun: "true"));
        var resource = ResourceTranslator.Translate(model, Mesh.Client(labels: "app=echo"), TypeUrl.Listener, Name(9000))!;

        Assert.Empty(ResourceKinds.Listener.Decode(Google.Protobuf.ByteString.CopyFrom(resource.Bytes.Span)).Errors);
    }

    private static Service Tcp() => Mesh.Service("echo", ports: [Mesh.Port(9000, "tcp", protocol: PortProtocol.Tcp)]);

    private static Permission All(params Permission[] rules) => new() { AndRules = new Permission.Types.Set { Rules = { rules } } };

    private static Permission Any(params Permission[] rules) => new() { OrRules = new Permission.Types.Set { Rules = { rules } } };

    private static List<NetworkRbac> Rbac(string spec) => Filters(Policy("tcp-policy", spec));

    private static List<NetworkRbac> Filters(params AuthorizationPolicy[] policies) =>
        [.. Listener(Mesh.Of([Tcp(), .. policies]), 9000).FilterChains[0].Filters.SkipLast(1).Select(f => f.TypedConfig.Unpack<NetworkRbac>())];

    private static bool IsTcp(MeshModel model, int port, string labels = "app=echo", ProxyProfile profile = ProxyProfile.Mesh) =>
        Translate.Listener(model, Mesh.Client(labels: labels, profile: profile), Name(port)) is { } listener
        && !listener.FilterChains[0].Filters[^1].TypedConfig.Is(HttpConnectionManager.Descriptor);

    private static Listener Listener(MeshModel model, int port) => Translate.Listener(model, Mesh.Client(labels: "app=echo"), Name(port))!;

    private static string Name(int port) => $"xds.istio.io/grpc/lds/inbound/0.0.0.0:{port}";

    private static AuthorizationPolicy Policy(string name, string spec, string dryRun = "false") => Reading.Good<AuthorizationPolicy>($$"""
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: {{name}}, namespace: default, annotations: {istio.io/dry-run: "{{dryRun}}"} }
        spec:
          {{spec.ReplaceLineEndings("\n  ")}}
        """);
}
