using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Http.StatefulSession.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Http.StatefulSession.Cookie.V3;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Tests.Translation;

/// <summary>Istio's label istio.io/persistent-session.</summary>
public class SessionTests
{
    private const string Filter = "envoy.filters.http.stateful_session";

    [Theory]
    [InlineData("Mesh", false)]
    [InlineData("Grpc", true)]
    public void The_label_is_a_filter_and_lets_draining_endpoints_keep_their_sessions(string profile, bool optional)
    {
        var model = Mesh.Of(Labelled("user-session"));
        var client = Mesh.Client(profile: System.Enum.Parse<ProxyProfile>(profile));
        var filters = Filters(Translate.Listener(model, client, "reviews:9080")!);

        Assert.Equal([Filter, "envoy.filters.http.router"], filters.TakeLast(2).Select(f => f.Name));
        var filter = filters[^2];
        Assert.Equal(optional, filter.IsOptional);
        var cookie = filter.TypedConfig.Unpack<StatefulSession>().SessionState.TypedConfig.Unpack<CookieBasedSessionState>().Cookie;
        Assert.Equal(("user-session", "/"), (cookie.Name, cookie.Path));
        Assert.Equal(
            [HealthStatus.Unknown, HealthStatus.Healthy, HealthStatus.Draining],
            Translate.Cluster(model, client, "outbound|9080||reviews.default.svc.cluster.local")!.CommonLbConfig.OverrideHostStatus.Statuses);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no cookie")]
    public void Without_a_cookies_name_there_is_nothing(string? label)
    {
        var model = Mesh.Of(label is null ? Mesh.Service("reviews") : Labelled(label));

        Assert.DoesNotContain(Filters(Translate.Listener(model, Mesh.Client(), "reviews:9080")!), f => f.Name == Filter);
        Assert.Null(Translate.Cluster(model, Mesh.Client(), "outbound|9080||reviews.default.svc.cluster.local")!.CommonLbConfig);
    }

    private static ProxylessMesh.ControlPlane.Resources.Service Labelled(string cookie)
    {
        var service = Mesh.Service("reviews");
        return service with { Meta = service.Meta with { Labels = EquatableMap.From([new("istio.io/persistent-session", cookie)]) } };
    }

    private static Google.Protobuf.Collections.RepeatedField<HttpFilter> Filters(Envoy.Config.Listener.V3.Listener listener) =>
        listener.ApiListener.ApiListener_.Unpack<HttpConnectionManager>().HttpFilters;
}
