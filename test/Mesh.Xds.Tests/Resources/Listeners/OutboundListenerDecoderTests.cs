using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using Escaped = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.Types.PathWithEscapedSlashesAction;
using HttpFilter = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpFilter;

namespace ProxylessMesh.Xds.Tests.Resources.Listeners;

/// <summary>gRFC A27 (api_listener) and gRFC A39 (HTTP filters).</summary>
public sealed class OutboundListenerDecoderTests
{
    private const string Api = "api_listener.api_listener";

    private static readonly Dictionary<string, (Action<HttpConnectionManager> Break, string Error)> Broken = new()
    {
        ["no routes"] = (m => m.ClearRouteSpecifier(), $"{Api}.route_specifier: must be rds or route_config"),
        ["routes without name"] = (m => m.Rds.RouteConfigName = "", $"{Api}.rds.route_config_name: must not be empty"),
        ["routes from a file"] = (m => m.Rds.ConfigSource = new ConfigSource { Path = "/x" }, $"{Api}.rds.config_source: must be ads or self"),
        ["no filters"] = (m => m.HttpFilters.Clear(), $"{Api}.http_filters: must end in the router"),
        ["router not last"] = (
            m => m.HttpFilters.Add(new HttpFilter { Name = "x", TypedConfig = Packed(new Duration()), IsOptional = true }),
            $"{Api}.http_filters[0]: the router must be the last filter"),
        ["two routers"] = (
            m => m.HttpFilters.Add(new HttpFilter { Name = "x", TypedConfig = Packed(new Router()) }),
            $"{Api}.http_filters[0]: the router must be the last filter"),
        ["same name twice"] = (
            m => m.HttpFilters.Insert(0, new HttpFilter { Name = "envoy.filters.http.router", TypedConfig = Packed(new Duration()), IsOptional = true }),
            $"{Api}.http_filters[1].name: \"envoy.filters.http.router\" is used twice"),
        ["filter without name"] = (m => m.HttpFilters[0].Name = "", $"{Api}.http_filters[0].name: must not be empty"),
        ["unknown filter"] = (
            m => m.HttpFilters.Insert(0, new HttpFilter { Name = "x", TypedConfig = Packed(new Duration()) }),
            $"{Api}.http_filters[0].typed_config: type \"type.googleapis.com/google.protobuf.Duration\" is not supported"),
        ["unknown filter that a route could enable"] = (
            m => m.HttpFilters.Insert(0, new HttpFilter { Name = "x", TypedConfig = Packed(new Duration()), Disabled = true }),
            $"{Api}.http_filters[0].typed_config: type \"type.googleapis.com/google.protobuf.Duration\" is not supported"),
        ["filter without config"] = (
            m => m.HttpFilters.Insert(0, new HttpFilter { Name = "x" }), $"{Api}.http_filters[0].typed_config: type \"\" is not supported"),
        ["disabled router"] = (m => m.HttpFilters[0].Disabled = true, $"{Api}.http_filters[0].disabled: is not supported"),
        ["router that is no router inside"] = (
            m => m.HttpFilters[0].TypedConfig.Value = ByteString.CopyFrom(0xFF), $"{Api}.http_filters[0].typed_config: not a valid message"),
        ["upstream filters"] = (
            m => m.HttpFilters[0].TypedConfig = Packed(new Router { UpstreamHttpFilters = { new HttpFilter() } }),
            $"{Api}.http_filters[0].typed_config.upstream_http_filters: is not supported"),
        ["idle timeout negative"] = (m => m.StreamIdleTimeout = new Duration { Seconds = -1 }, $"{Api}.stream_idle_timeout: must not be negative"),
        ["stream duration negative"] = (
            m => m.CommonHttpProtocolOptions = new() { MaxStreamDuration = new Duration { Seconds = -1 } },
            $"{Api}.common_http_protocol_options.max_stream_duration: must not be negative"),
        ["forwarded-for hops"] = (m => m.XffNumTrustedHops = 1, $"{Api}.xff_num_trusted_hops: is not supported"),
        ["IP detection"] = (m => m.OriginalIpDetectionExtensions.Add(new TypedExtensionConfig()), $"{Api}.original_ip_detection_extensions: is not supported"),
        ["early mutation"] = (m => m.EarlyHeaderMutationExtensions.Add(new TypedExtensionConfig()), $"{Api}.early_header_mutation_extensions: is not supported"),
        ["forwarded certificates"] = (
            m => m.ForwardClientCertDetails = HttpConnectionManager.Types.ForwardClientCertDetails.ForwardOnly,
            $"{Api}.forward_client_cert_details: is not supported"),
        ["path normalisation"] = (m => m.NormalizePath = true, $"{Api}.normalize_path: is not supported"),
        ["slash merging"] = (m => m.MergeSlashes = true, $"{Api}.merge_slashes: is not supported"),
        ["escaped slashes"] = (
            m => m.PathWithEscapedSlashesAction = Escaped.RejectRequest, $"{Api}.path_with_escaped_slashes_action: is not supported"),
        ["port stripping"] = (m => m.StripAnyHostPort = true, $"{Api}.strip_any_host_port: is not supported"),
        ["matching port stripping"] = (m => m.StripMatchingHostPort = true, $"{Api}.strip_matching_host_port: is not supported"),
        ["dot stripping"] = (m => m.StripTrailingHostDot = true, $"{Api}.strip_trailing_host_dot: is not supported"),
        ["header validation"] = (m => m.TypedHeaderValidationConfig = new TypedExtensionConfig(), $"{Api}.typed_header_validation_config: is not supported"),
        ["inline routes that are wrong"] = (
            m => m.RouteConfig = new RouteConfiguration { VirtualHosts = { new VirtualHost() } },
            $"{Api}.route_config.virtual_hosts[0].domains: must not be empty"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name) =>
        AssertError(ResourceKinds.Listener, IstioShapes.OutboundListener(Broken[name].Break), Broken[name].Error);

    [Theory]
    [InlineData(0.0, null)]
    [InlineData(5.0, 5.0)]
    public void Timeouts_of_all_streams(double seconds, double? expected)
    {
        var listener = IstioShapes.OutboundListener(m =>
        {
            m.StreamIdleTimeout = Seconds(seconds);
            m.CommonHttpProtocolOptions = new() { MaxStreamDuration = Seconds(seconds) };
        });

        var http = Assert.IsType<OutboundListenerConfig>(Decode(ResourceKinds.Listener, listener)).Http;

        TimeSpan? timeout = expected is { } e ? TimeSpan.FromSeconds(e) : null;
        Assert.Equal((timeout, timeout), (http.MaxStreamDuration, http.StreamIdleTimeout));
    }

    [Fact]
    public void Headers_of_the_router_can_be_suppressed()
    {
        var listener = IstioShapes.OutboundListener(m => m.HttpFilters[0].TypedConfig = Packed(new Router { SuppressEnvoyHeaders = true }));

        var http = Assert.IsType<OutboundListenerConfig>(Decode(ResourceKinds.Listener, listener)).Http;

        Assert.True(Assert.IsType<RouterFilterConfig>(http.Filters[^1]).SuppressHeaders);
    }

    [Fact]
    public void Another_kind_of_api_listener_is_refused()
    {
        var listener = IstioShapes.OutboundListener();
        listener.ApiListener.ApiListener_ = Packed(new Duration());
        AssertError(ResourceKinds.Listener, listener, "api_listener.api_listener: has type \"type.googleapis.com/google.protobuf.Duration\"");

        listener.ApiListener.ApiListener_ = null;
        AssertError(ResourceKinds.Listener, listener, "api_listener.api_listener: is missing");
    }

    [Fact]
    public void A_listener_is_outbound_or_inbound_but_not_both()
    {
        var listener = IstioShapes.OutboundListener();
        listener.FilterChains.Add(new FilterChain());

        AssertError(ResourceKinds.Listener, listener, "api_listener: cannot stand beside filter chains");
    }

    [Fact]
    public void Unknown_optional_filters_are_skipped()
    {
        var listener = IstioShapes.OutboundListener(m => m.HttpFilters.Insert(
            0, new HttpFilter { Name = "x", TypedConfig = Packed(new Duration()), IsOptional = true }));

        var http = Assert.IsType<OutboundListenerConfig>(Decode(ResourceKinds.Listener, listener)).Http;

        Assert.Equal("envoy.filters.http.router", Assert.Single(http.Filters).Name);
    }

    [Fact]
    public void Routes_may_be_inline()
    {
        var listener = IstioShapes.OutboundListener(m => m.RouteConfig = IstioShapes.Routes());

        var http = Assert.IsType<OutboundListenerConfig>(Decode(ResourceKinds.Listener, listener)).Http;

        Assert.Null(http.RouteConfigName);
        Assert.Equal(IstioShapes.Reviews, http.InlineRoutes?.Name);
    }
}
