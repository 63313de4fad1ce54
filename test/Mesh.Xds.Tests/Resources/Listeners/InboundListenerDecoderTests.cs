using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;

namespace ProxylessMesh.Xds.Tests.Resources.Listeners;

/// <summary>gRFC A36: server listeners.</summary>
public sealed class InboundListenerDecoderTests
{
    private const string Match = "filter_chains[0].filter_chain_match";

    private static readonly Dictionary<string, (Action<Listener> Break, string Error)> Broken = new()
    {
        ["no name"] = (l => l.Name = "", "name: must not be empty"),
        ["no address"] = (l => l.Address = null, "address: socket_address is missing"),
        ["a name as address"] = (l => l.Address = IstioShapes.Socket("localhost", 80), "address.socket_address.address: \"localhost\" is no IP address"),
        ["named port"] = (l => l.Address.SocketAddress.NamedPort = "http", "address.socket_address.named_port: is not supported"),
        ["original destination"] = (l => l.UseOriginalDst = true, "use_original_dst: is not supported"),
        ["transparent"] = (l => l.Transparent = true, "transparent: is not supported"),
        ["not bound"] = (l => l.BindToPort = false, "bind_to_port: is not supported"),
        ["time-out in the past"] = (l => l.ListenerFiltersTimeout = Seconds(-1), "listener_filters_timeout: must not be negative"),
        ["unknown listener filter"] = (
            l => l.ListenerFilters[0].Name = "envoy.filters.listener.proxy_protocol",
            "listener_filters[0].name: \"envoy.filters.listener.proxy_protocol\" is not supported"),
        ["no chains"] = (l => l.FilterChains.Clear(), "filter_chains: must not be empty"),
        ["same match twice"] = (
            l => l.FilterChains.Add(IstioShapes.InboundChain("again", "raw_buffer", null)),
            "filter_chains[2].filter_chain_match: is the same as that of filter_chains[1]"),
        ["unknown transport"] = (l => First(l).TransportProtocol = "quic", $"{Match}.transport_protocol: \"quic\" is not known"),
        ["by port"] = (l => First(l).DestinationPort = 1, $"{Match}.destination_port: is not supported"),
        ["by address"] = (l => First(l).PrefixRanges.Add(new CidrRange()), $"{Match}.prefix_ranges: is not supported"),
        ["by suffix"] = (l => First(l).AddressSuffix = "1", $"{Match}.address_suffix: is not supported"),
        ["by suffix length"] = (l => First(l).SuffixLen = 1, $"{Match}.suffix_len: is not supported"),
        ["by direct source"] = (l => First(l).DirectSourcePrefixRanges.Add(new CidrRange()), $"{Match}.direct_source_prefix_ranges: is not supported"),
        ["by source type"] = (
            l => First(l).SourceType = FilterChainMatch.Types.ConnectionSourceType.External, $"{Match}.source_type: is not supported"),
        ["by source"] = (l => First(l).SourcePrefixRanges.Add(new CidrRange()), $"{Match}.source_prefix_ranges: is not supported"),
        ["by source port"] = (l => First(l).SourcePorts.Add(1), $"{Match}.source_ports: is not supported"),
        ["by server name"] = (l => First(l).ServerNames.Add("a"), $"{Match}.server_names: is not supported with the workload's own certificate"),
        ["by ALPN"] = (l => First(l).ApplicationProtocols.Add("h2"), $"{Match}.application_protocols: is not supported"),
        ["proxy protocol"] = (l => l.FilterChains[0].UseProxyProto = true, "filter_chains[0].use_proxy_proto: is not supported"),
        ["no network filter"] = (l => l.FilterChains[0].Filters.Clear(), "filter_chains[0].filters: must end in an HttpConnectionManager"),
        ["unknown network filter"] = (
            l => l.FilterChains[0].Filters[0].TypedConfig = Packed(new Duration()),
            "filter_chains[0].filters[0].typed_config: has type \"type.googleapis.com/google.protobuf.Duration\""),
        ["network filter before"] = (
            l => l.FilterChains[0].Filters.Insert(0, new Filter { Name = "rbac" }),
            "filter_chains[0].filters[0]: network filter \"rbac\" is not supported"),
        ["TLS match without TLS"] = (l => l.FilterChains[0].TransportSocket = null, "filter_chains[0].transport_socket: is missing"),
        ["plaintext match with TLS"] = (
            l => l.FilterChains[1].TransportSocket = l.FilterChains[0].TransportSocket, "filter_chains[1].transport_socket: wants TLS"),
        ["a client's TLS context"] = (
            l => l.FilterChains[0].TransportSocket = IstioShapes.TlsSocket(IstioShapes.UpstreamTls()),
            "filter_chains[0].transport_socket: has type \"type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext\""),
        ["TLS without configuration"] = (
            l => l.FilterChains[0].TransportSocket.TypedConfig = null, "filter_chains[0].transport_socket: is missing"),
        ["broken default chain"] = (l => l.DefaultFilterChain = new FilterChain(), "default_filter_chain.filters: must end in"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name)
    {
        var listener = IstioShapes.InboundListener();
        Broken[name].Break(listener);

        AssertError(ResourceKinds.Listener, listener, Broken[name].Error);
    }

    /// <summary>Istio's own proxyless form has one chain, no match and no listener filters.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_chain_without_match_takes_every_connection(bool tls)
    {
        var listener = IstioShapes.InboundListener();
        listener.ListenerFilters.Clear();
        listener.FilterChains.Clear();
        listener.FilterChains.Add(IstioShapes.InboundChain("inbound", null, tls ? IstioShapes.TlsSocket(IstioShapes.DownstreamTls()) : null));

        var chain = Assert.Single(Inbound(listener).FilterChains);

        Assert.Equal(TransportMatch.Any, chain.Transport);
        Assert.Equal(tls, chain.Tls is not null);
    }

    [Fact]
    public void The_default_chain_is_kept_and_its_match_ignored()
    {
        var listener = IstioShapes.InboundListener();
        listener.FilterChains.RemoveAt(1);
        listener.DefaultFilterChain = IstioShapes.InboundChain("rest", "quic", null);

        var inbound = Inbound(listener);

        Assert.Equal("rest", inbound.DefaultFilterChain?.Name);
        Assert.Equal(TransportMatch.Any, inbound.DefaultFilterChain?.Transport);
    }

    [Theory]
    [InlineData(false, null, null)]
    [InlineData(false, 5.0, null)]
    [InlineData(true, null, 15.0)]
    [InlineData(true, 5.0, 5.0)]
    [InlineData(true, 0.0, null)]
    public void Silent_clients_count_as_plaintext_after_the_time_out_where_it_goes_on(bool goesOn, double? timeout, double? expected)
    {
        var listener = IstioShapes.InboundListener();
        listener.ContinueOnListenerFiltersTimeout = goesOn;
        listener.ListenerFiltersTimeout = timeout is { } seconds ? Seconds(seconds) : null;

        Assert.Equal(expected, Inbound(listener).DetectionTimeout?.TotalSeconds);
    }

    [Fact]
    public void Addresses_are_canonical()
    {
        var listener = IstioShapes.InboundListener();
        listener.Address = IstioShapes.Socket("0:0:0:0:0:0:0:0", 65535);

        Assert.Equal(("::", 65535), (Inbound(listener).Address, Inbound(listener).Port));
    }

    private static InboundListenerConfig Inbound(Listener listener) =>
        Assert.IsType<InboundListenerConfig>(Decode(ResourceKinds.Listener, listener));

    private static FilterChainMatch First(Listener listener) => listener.FilterChains[0].FilterChainMatch;
}
