using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Rbac.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.TcpProxy.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using NetworkRbac = Envoy.Extensions.Filters.Network.Rbac.V3.RBAC;

namespace ProxylessMesh.Xds.Tests.Resources.Listeners;

/// <summary>Chains of connections that carry no requests. What is not understood of one is an error: it could be the rule that keeps somebody out.</summary>
public sealed class TcpChainDecoderTests
{
    private const string Chain = "filter_chains[0].filters";
    private const string Config = Chain + "[0].typed_config";
    private const string Proxy = Chain + "[1].typed_config";

    private static readonly Dictionary<string, (Action<FilterChain> Break, string Error)> Broken = new()
    {
        ["no rules at all"] = (c => c.Filters[0].TypedConfig = null, $"{Chain}[0]: network filter \"envoy.filters.network.rbac\" is not supported before a TcpProxy"),
        ["another filter"] = (c => c.Filters[0].TypedConfig = Packed(new Duration()), $"{Chain}[0]: network filter"),
        ["an HTTP filter"] = (c => c.Filters[0].TypedConfig = Packed(new Envoy.Extensions.Filters.Http.Rbac.V3.RBAC()), $"{Chain}[0]: network filter"),
        ["no bytes of it"] = (c => c.Filters[0].TypedConfig.Value = ByteString.CopyFrom(0xff, 0xff), Config),
        ["a matcher"] = (c => Rbac(c, r => r.Matcher = new()), $"{Config}.matcher: is not supported"),
        ["a shadow matcher"] = (c => Rbac(c, r => r.ShadowMatcher = new()), $"{Config}.shadow_matcher: is not supported"),
        ["a delay"] = (c => Rbac(c, r => r.DelayDeny = Seconds(1)), $"{Config}.delay_deny: is not supported"),
        ["enforced otherwise"] = (c => Rbac(c, r => r.EnforcementType = (NetworkRbac.Types.EnforcementType)7), $"{Config}.enforcement_type: is not supported"),
        ["a later field"] = (c => c.Filters[0].TypedConfig.Value = Later(c.Filters[0].TypedConfig.Value), $"{Config}: holds fields"),
        ["a header"] = (c => Permission(c, new Permission { Header = new HeaderMatcher { Name = "x", PresentMatch = true } }), $"{Config}.rules.policies[\"p\"]: looks at a request"),
        ["no header"] = (
            c => Permission(c, new Permission { NotRule = new Permission { Header = new HeaderMatcher { Name = "x", PresentMatch = true } } }),
            $"{Config}.rules.policies[\"p\"]: looks at a request"),
        ["a path among others"] = (
            c => Permission(c, new Permission
            {
                OrRules = new Permission.Types.Set { Rules = { new Permission { DestinationPort = 1 }, new Permission { UrlPath = new PathMatcher { Path = new StringMatcher { Exact = "/" } } } } },
            }),
            $"{Config}.rules.policies[\"p\"]: looks at a request"),
        ["a claim"] = (
            c => Rbac(c, r => r.Rules.Policies["p"].Principals[0] = new Principal
            {
                AndIds = new Principal.Types.Set
                {
                    Ids =
                    {
                        new Principal
                        {
                            Metadata = new MetadataMatcher { Filter = "jwt", Path = { new MetadataMatcher.Types.PathSegment { Key = "k" } }, Value = new ValueMatcher { PresentMatch = true } },
                        },
                    },
                },
            }),
            $"{Config}.rules.policies[\"p\"]: looks at a request"),
        ["a shadow that looks at headers"] = (
            c => Rbac(c, r => r.ShadowRules = Rules(new Permission { Header = new HeaderMatcher { Name = "x", PresentMatch = true } })),
            $"{Config}.shadow_rules.policies[\"p\"]: looks at a request"),
        ["a policy without permissions"] = (c => Rbac(c, r => r.Rules.Policies["p"].Permissions.Clear()), $"{Config}.rules.policies[\"p\"].permissions: must not be empty"),
        ["nowhere to go"] = (c => End(c, new TcpProxy()), $"{Proxy}.cluster: \"\" is not the workload itself"),
        ["somewhere else"] = (c => End(c, new TcpProxy { Cluster = "outbound|9000||other" }), $"{Proxy}.cluster: \"outbound|9000||other\" is not the workload itself"),
        ["an idle time-out"] = (c => End(c, new TcpProxy { Cluster = "inbound|1||", IdleTimeout = Seconds(1) }), $"{Proxy}.idle_timeout: is not supported"),
        ["an end"] = (c => End(c, new TcpProxy { Cluster = "inbound|1||", MaxDownstreamConnectionDuration = Seconds(1) }), $"{Proxy}.max_downstream_connection_duration: is not supported"),
        ["a tunnel"] = (
            // Field 12, tunneling_config, which is not declared here.
            c => c.Filters[1].TypedConfig.Value = ByteString.CopyFrom([.. c.Filters[1].TypedConfig.Value, 0x62, 0x00]),
            $"{Proxy}: holds fields"),
        ["two ends"] = (c => c.Filters.Add(c.Filters[1].Clone()), $"{Chain}[1]: network filter"),
        ["TLS match without TLS"] = (c => c.TransportSocket = null, "filter_chains[0].transport_socket: is missing"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name)
    {
        var listener = Listener();
        Broken[name].Break(listener.FilterChains[0]);

        AssertError(ResourceKinds.Listener, listener, Broken[name].Error);
    }

    [Fact]
    public void Reads_rules_in_their_order_and_where_connections_go()
    {
        var listener = Listener();
        Rbac(listener.FilterChains[0], r => r.ShadowRules = Rules(new Permission { RequestedServerName = new StringMatcher { Suffix = ".local" } }, RBAC.Types.Action.Deny));
        listener.FilterChains[0].Filters.Insert(1, new Filter { Name = "second", TypedConfig = Packed(new NetworkRbac { Rules = Rules(new Permission { Any = true }) }) });

        var inbound = Assert.IsType<InboundListenerConfig>(Decode(ResourceKinds.Listener, listener));

        var chain = inbound.FilterChains[0];
        Assert.Null(chain.Http);
        Assert.Equal("inbound|9000||", chain.Tcp!.Cluster);
        Assert.Equal(["envoy.filters.network.rbac", "second"], chain.Tcp.Rules.Select(r => r.Name));
        Assert.Equal((RbacAction.Allow, RbacAction.Deny), (chain.Tcp.Rules[0].Rules!.Action, chain.Tcp.Rules[0].ShadowRules!.Action));
        Assert.Equal(chain, Assert.IsType<InboundListenerConfig>(Decode(ResourceKinds.Listener, listener)).FilterChains[0]);
    }

    private static Listener Listener()
    {
        var listener = IstioShapes.InboundListener();
        listener.FilterChains.RemoveAt(1);
        var chain = listener.FilterChains[0];
        chain.Filters.Clear();
        chain.Filters.Add(new Filter
        {
            Name = "envoy.filters.network.rbac",
            TypedConfig = Packed(new NetworkRbac { StatPrefix = "tcp.", Rules = Rules(new Permission { DestinationPort = 9000 }) }),
        });
        chain.Filters.Add(new Filter { Name = "envoy.filters.network.tcp_proxy", TypedConfig = Packed(new TcpProxy { StatPrefix = "p", Cluster = "inbound|9000||", MaxConnectAttempts = 10 }) });
        return listener;
    }

    private static RBAC Rules(Permission permission, RBAC.Types.Action action = RBAC.Types.Action.Allow) => new()
    {
        Action = action,
        Policies =
        {
            ["p"] = new Policy
            {
                Permissions = { permission },
                Principals = { new Principal { DirectRemoteIp = new CidrRange { AddressPrefix = "10.0.0.0", PrefixLen = 8 } } },
            },
        },
    };

    private static void Rbac(FilterChain chain, Action<NetworkRbac> change)
    {
        var rbac = chain.Filters[0].TypedConfig.Unpack<NetworkRbac>();
        change(rbac);
        chain.Filters[0].TypedConfig = Packed(rbac);
    }

    private static void Permission(FilterChain chain, Permission permission) => Rbac(chain, r => r.Rules.Policies["p"].Permissions[0] = permission);

    private static void End(FilterChain chain, TcpProxy proxy) => chain.Filters[1].TypedConfig = Packed(proxy);

    // Field 999, a varint.
    private static ByteString Later(ByteString bytes) => ByteString.CopyFrom([.. bytes, 0xB8, 0x3E, 0x01]);
}
