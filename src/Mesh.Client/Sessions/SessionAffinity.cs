using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.HashPolicies;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Sessions;

/// <summary>
/// Keeps a session's requests on one endpoint (gRFCs A55 and A60; Envoy, "Stateful session"): the cookie of a response names it, and a
/// request that brings the cookie goes there, retries too, whatever the balancer would say.
/// </summary>
internal sealed class SessionAffinity(SessionConfig config)
{
    /// <summary>Null: the request is of no session yet, or of none at all.</summary>
    public SessionTarget? Find(HttpRequestMessage request) =>
        IsOfSessions(request) && RequestCookies.TryFind(request, config.Cookie, out var value) ? SessionToken.Read(value) : null;

    /// <summary>The session's endpoint with a slot taken; another one if it cannot be used, unless sessions are strict.</summary>
    public Endpoint? Pick(SessionTarget? target, ClusterState cluster, in TriedEndpoints tried, ulong? hash, int reselections)
    {
        if (target is null)
        {
            return cluster.Pick(in tried, hash, reselections);
        }

        return cluster.Model.SessionHosts.Find(target.Address) is { IsEjected: false } endpoint && endpoint.TryAcquire() ? endpoint
            : config.Strict ? null
            : cluster.Pick(in tried, hash, reselections);
    }

    /// <summary>Tells the caller of its endpoint, unless it knows.</summary>
    public void AddCookie(HttpRequestMessage request, SessionTarget? target, HttpResponseMessage response, Endpoint endpoint, ClusterState cluster)
    {
        if (target?.Address != endpoint.Authority && IsOfSessions(request))
        {
            var value = SessionToken.Write(endpoint.Authority, cluster.Name);
            response.Headers.TryAddWithoutValidation("Set-Cookie", SessionCookie.Format(config.Cookie, value, config.Ttl, config.Path, []));
        }
    }

    /// <summary>RFC 6265, section 5.1.4: the cookie's path is the request's, or a folder of it.</summary>
    private bool IsOfSessions(HttpRequestMessage request)
    {
        var path = request.RequestUri!.AbsolutePath.AsSpan();
        return path.StartsWith(config.Path, StringComparison.Ordinal)
            && (path.Length == config.Path.Length || config.Path[^1] == '/' || path[config.Path.Length] == '/');
    }
}
