using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Http.StatefulSession.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Http.StatefulSession.Cookie.V3;
using Envoy.Type.Http.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using ProxylessMesh.Xds.Resources.Faults;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;

namespace ProxylessMesh.Xds.Tests.Resources.Sessions;

/// <summary>gRFC A55.</summary>
public sealed class SessionDecoderTests
{
    private const string Name = "envoy.filters.http.stateful_session";

    [Fact]
    public void The_filter_is_read()
    {
        Assert.Equal(
            new SessionConfig("user", "/shop", TimeSpan.FromSeconds(90), Strict: true),
            Read(Session(new Cookie { Name = "user", Path = "/shop", Ttl = Seconds(90) }, strict: true)));
        Assert.Equal(new SessionConfig("user", "/", TimeSpan.Zero, Strict: false), Read(Session(new Cookie { Name = "user" })));
        Assert.Null(Read(new StatefulSession()));
    }

    [Theory]
    [InlineData("", "/", "name: must be the name of a cookie")]
    [InlineData("a b", "/", "name: must be the name of a cookie")]
    [InlineData("a;b", "/", "name: must be the name of a cookie")]
    [InlineData("a", "shop", "path: must begin with / and fit into a cookie")]
    [InlineData("a", "/;Secure", "path: must begin with / and fit into a cookie")]
    [InlineData("a", "/\r\nx", "path: must begin with / and fit into a cookie")]
    public void A_cookie_that_cannot_be_is_an_error(string name, string path, string error) => AssertError(
        ResourceKinds.Listener,
        Listener(Session(new Cookie { Name = name, Path = path })),
        $"api_listener.api_listener.http_filters[0].typed_config.session_state.typed_config.cookie.{error}");

    [Fact]
    public void Other_states_are_an_error() => AssertError(
        ResourceKinds.Listener,
        Listener(new StatefulSession { SessionState = new TypedExtensionConfig { TypedConfig = Any.Pack(new Duration()) } }),
        "api_listener.api_listener.http_filters[0].typed_config.session_state.typed_config: has type \"type.googleapis.com/google.protobuf.Duration\" where envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState is needed");

    [Fact]
    public void Routes_may_switch_it_off_or_have_their_own()
    {
        Assert.Null(Override(new StatefulSessionPerRoute { Disabled = true }, out var errors)!.Session);
        Assert.Equal("mine", Override(new StatefulSessionPerRoute { StatefulSession = Session(new Cookie { Name = "mine" }) }, out errors)!.Session!.Cookie);
        Assert.Empty(errors);
        Assert.Null(Override(new StatefulSessionPerRoute(), out errors));
        Assert.Equal([$"typed_per_filter_config.{Name}.override: must be disabled: true or stateful_session"], errors);
    }

    [Fact]
    public void The_cluster_says_with_which_endpoints_sessions_stay()
    {
        var cluster = IstioShapes.EdsCluster();
        Assert.Equal(SessionHealth.Healthy | SessionHealth.Degraded, Decode(ResourceKinds.Cluster, cluster).LoadBalancing.Sessions);

        cluster.CommonLbConfig = new() { OverrideHostStatus = new HealthStatusSet { Statuses = { HealthStatus.Healthy, HealthStatus.Draining } } };
        Assert.Equal(SessionHealth.Healthy | SessionHealth.Draining, Decode(ResourceKinds.Cluster, cluster).LoadBalancing.Sessions);

        cluster.CommonLbConfig.OverrideHostStatus.Statuses.Clear();
        Assert.Equal(SessionHealth.None, Decode(ResourceKinds.Cluster, cluster).LoadBalancing.Sessions);
    }

    private static SessionConfig? Read(StatefulSession session) =>
        Assert.IsType<SessionFilterConfig>(Assert.IsType<OutboundListenerConfig>(Decode(ResourceKinds.Listener, Listener(session))).Http.Filters[0]).Session;

    private static SessionFilterConfig? Override(StatefulSessionPerRoute route, out IReadOnlyList<string> errors)
    {
        var context = new DecodeContext();
        var overrides = new Google.Protobuf.Collections.MapField<string, Any> { [Name] = Any.Pack(route) };
        var decoded = FilterOverrideDecoder.Decode(overrides, context);
        errors = context.Errors;
        return decoded.Count == 0 ? null : Assert.IsType<SessionFilterConfig>(decoded[0]);
    }

    private static StatefulSession Session(Cookie cookie, bool strict = false) => new()
    {
        SessionState = new TypedExtensionConfig { Name = "cookie", TypedConfig = Any.Pack(new CookieBasedSessionState { Cookie = cookie }) },
        Strict = strict,
    };

    private static Listener Listener(StatefulSession session)
    {
        var manager = new HttpConnectionManager
        {
            Rds = new Rds { RouteConfigName = "routes", ConfigSource = IstioShapes.Ads },
            HttpFilters =
            {
                new HttpFilter { Name = Name, TypedConfig = Any.Pack(session) },
                new HttpFilter { Name = "envoy.filters.http.router", TypedConfig = Any.Pack(new Router()) },
            },
        };
        return new Listener { Name = "listener", ApiListener = new ApiListener { ApiListener_ = Any.Pack(manager) } };
    }
}
