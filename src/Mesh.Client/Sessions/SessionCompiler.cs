using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.Sessions;

/// <summary>The sessions of a route: the most specific override of the chain's filter, else what that says (gRFC A39).</summary>
internal static class SessionCompiler
{
    /// <summary>Null: the route has none.</summary>
    public static SessionAffinity? Compile(ServiceSnapshot snapshot, VirtualHostConfig host, RouteEntryConfig route)
    {
        foreach (var filter in snapshot.Listener.Http.Filters)
        {
            if (filter is SessionFilterConfig own)
            {
                return FilterOverrides.Effective(own, snapshot.Routes, host, route) is SessionFilterConfig { Session: { } session } ? new SessionAffinity(session) : null;
            }
        }

        return null;
    }
}
