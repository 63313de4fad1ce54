using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Clusters;

/// <summary>How addresses are spoken to by the newest configuration.</summary>
internal static class AddressTls
{
    /// <returns>Of those addresses that are still there.</returns>
    public static Dictionary<(string Address, int Port), UpstreamTlsConfig?> Of(ClusterMember[] members, HashSet<(string Address, int Port)> addresses)
    {
        var settings = new Dictionary<(string Address, int Port), UpstreamTlsConfig?>(addresses.Count);
        foreach (var member in members)
        {
            var key = member.Endpoint.Key;
            if (addresses.Contains((key.Address, key.Port)))
            {
                settings.TryAdd((key.Address, key.Port), key.Tls);
            }
        }

        return settings;
    }
}
