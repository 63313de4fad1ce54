using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Type.Matcher.V3;
using Envoy.Type.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using Policy = Envoy.Extensions.Filters.Http.Cors.V3.CorsPolicy;

namespace ProxylessMesh.Xds.Tests.Resources.Cors;

/// <summary>cors.proto, and the older message in route_components.proto.</summary>
public sealed class CorsDecoderTests
{
    private const string Name = "envoy.filters.http.cors";

    private static readonly CorsConfig Full = new([new StringMatchConfig(StringMatchKind.Exact, "https://a")], "GET,POST", "x-a", "x-b", "60")
    {
        EnabledPerMillion = 250_000,
        AllowCredentials = true,
        AllowPrivateNetwork = true,
        ForwardUnmatchedPreflights = false,
    };

    [Fact]
    public void All_fields_of_the_filters_message()
    {
        var routes = IstioShapes.Routes();
        routes.VirtualHosts[0].Routes[0].TypedPerFilterConfig[Name] = Any.Pack(Filled());

        var route = Decode(ResourceKinds.Route, routes).VirtualHosts[0].Routes[0];

        Assert.Equal([new CorsFilterConfig(Name, Full)], route.FilterOverrides);
        Assert.Null(route.Cors);
    }

    [Fact]
    public void An_empty_policy_has_the_published_defaults()
    {
        var routes = IstioShapes.Routes();
        routes.VirtualHosts[0].TypedPerFilterConfig[Name] = Any.Pack(new Policy());

        Assert.Equal([new CorsFilterConfig(Name, new CorsConfig([], "", "", "", ""))], Decode(ResourceKinds.Route, routes).VirtualHosts[0].FilterOverrides);
    }

    [Fact]
    public void The_older_field_of_a_route_beats_that_of_its_virtual_host()
    {
        var routes = IstioShapes.Routes(a => a.Cors = Legacy());
        routes.VirtualHosts[0].Cors = new CorsPolicy { MaxAge = "1" };

        Assert.Equal(Full, Decode(ResourceKinds.Route, routes).VirtualHosts[0].Routes[0].Cors);

        routes.VirtualHosts[0].Routes[0].Route_.Cors = null;
        Assert.Equal("1", Decode(ResourceKinds.Route, routes).VirtualHosts[0].Routes[0].Cors!.MaxAge);
    }

    [Fact]
    public void The_filter_stands_in_an_outbound_chain()
    {
        var listener = IstioShapes.OutboundListener(m => m.HttpFilters.Insert(0, Filter()));

        var decoded = Assert.IsType<OutboundListenerConfig>(Decode(ResourceKinds.Listener, listener));

        Assert.Equal(new CorsFilterConfig(Name, null), decoded.Http.Filters[0]);
    }

    [Theory]
    [InlineData("a\r\nset-cookie: b=c")]
    [InlineData("\u00E4")]
    public void Refuses_what_would_break_out_of_a_header(string value)
    {
        var routes = IstioShapes.Routes();
        routes.VirtualHosts[0].Routes[0].TypedPerFilterConfig[Name] = Any.Pack(new Policy { ExposeHeaders = value });

        AssertError(ResourceKinds.Route, routes, $"virtual_hosts[0].routes[0].typed_per_filter_config.{Name}.expose_headers: ");
    }

    [Fact]
    public void Refuses_a_broken_origin_and_a_broken_share()
    {
        var routes = IstioShapes.Routes(a => a.Cors = new CorsPolicy { AllowOriginStringMatch = { new StringMatcher() }, FilterEnabled = new() });

        Assert.Equal(
            [
                "virtual_hosts[0].routes[0].route.cors.allow_origin_string_match[0]: match_pattern is missing or of a kind that is not supported",
                "virtual_hosts[0].routes[0].route.cors.filter_enabled: default_value is missing",
            ],
            Errors(ResourceKinds.Route, routes));
    }

    private static HttpFilter Filter() => new() { Name = Name, TypedConfig = Any.Pack(new Envoy.Extensions.Filters.Http.Cors.V3.Cors()) };

    private static RuntimeFractionalPercent Quarter() =>
        new() { DefaultValue = new FractionalPercent { Numerator = 25, Denominator = FractionalPercent.Types.DenominatorType.Hundred } };

    private static Policy Filled() => new()
    {
        AllowOriginStringMatch = { new StringMatcher { Exact = "https://a" } },
        AllowMethods = "GET,POST",
        AllowHeaders = "x-a",
        ExposeHeaders = "x-b",
        MaxAge = "60",
        AllowCredentials = true,
        FilterEnabled = Quarter(),
        AllowPrivateNetworkAccess = true,
        ForwardNotMatchingPreflights = false,
    };

    private static CorsPolicy Legacy() => new()
    {
        AllowOriginStringMatch = { new StringMatcher { Exact = "https://a" } },
        AllowMethods = "GET,POST",
        AllowHeaders = "x-a",
        ExposeHeaders = "x-b",
        MaxAge = "60",
        AllowCredentials = true,
        FilterEnabled = Quarter(),
        AllowPrivateNetworkAccess = true,
        ForwardNotMatchingPreflights = false,
    };
}
