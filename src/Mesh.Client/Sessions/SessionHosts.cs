using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Sessions;

/// <summary>The endpoints that sessions may stay with, by address; also those that get no new requests (gRFC A55).</summary>
internal sealed class SessionHosts
{
    private readonly Dictionary<string, Endpoint> _byAddress = new(StringComparer.Ordinal);

    public SessionHosts(ClusterMember[] members, SessionHealth allowed)
    {
        foreach (var member in members)
        {
            if ((allowed & Of(member.Config.Health)) != 0)
            {
                _byAddress.TryAdd(member.Endpoint.Authority, member.Endpoint);
            }
        }
    }

    public Endpoint? Find(string address) => _byAddress.GetValueOrDefault(address);

    private static SessionHealth Of(EndpointHealth health) => health switch
    {
        EndpointHealth.Healthy => SessionHealth.Healthy,
        EndpointHealth.Draining => SessionHealth.Draining,
        EndpointHealth.Degraded => SessionHealth.Degraded,
        _ => SessionHealth.Unhealthy,
    };
}
