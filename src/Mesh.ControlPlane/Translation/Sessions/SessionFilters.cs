using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Http.StatefulSession.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Http.StatefulSession.Cookie.V3;
using Envoy.Type.Http.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;

namespace ProxylessMesh.ControlPlane.Translation.Sessions;

/// <summary>The label istio.io/persistent-session: a filter in the chain of the host's listener, and endpoints that drain keep their sessions.</summary>
internal static class SessionFilters
{
    private const string Name = "envoy.filters.http.stateful_session";
    private const string StateName = "envoy.http.stateful_session.cookie";

    /// <summary>Before the router. A gRPC library that does not know it passes it over.</summary>
    public static void Apply(HttpConnectionManager manager, MeshService service, ProxyProfile profile)
    {
        if (service.SessionCookie is { } cookie)
        {
            manager.HttpFilters.Insert(manager.HttpFilters.Count - 1, new HttpFilter
            {
                Name = Name,
                IsOptional = profile == ProxyProfile.Grpc,
                TypedConfig = Any.Pack(new StatefulSession { SessionState = State(cookie) }),
            });
        }
    }

    public static void Apply(Cluster cluster, MeshService service)
    {
        if (service.SessionCookie is not null)
        {
            cluster.CommonLbConfig ??= new Cluster.Types.CommonLbConfig();
            cluster.CommonLbConfig.OverrideHostStatus = new HealthStatusSet { Statuses = { HealthStatus.Unknown, HealthStatus.Healthy, HealthStatus.Draining } };
        }
    }

    /// <summary>As Istio writes it: the cookie ends with the browser.</summary>
    private static TypedExtensionConfig State(string cookie) => new()
    {
        Name = StateName,
        TypedConfig = Any.Pack(new CookieBasedSessionState { Cookie = new Cookie { Name = cookie, Path = "/", Ttl = new Duration() } }),
    };
}
