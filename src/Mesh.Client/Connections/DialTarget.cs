using System.Net;
using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.Connections;

/// <summary>Where a new connection to an endpoint goes, and the host name that its certificate may be for.</summary>
internal static class DialTarget
{
    /// <summary>One address, or several to be tried. An endpoint without address stands for the request's own destination (ORIGINAL_DST).</summary>
    public static IReadOnlyList<EndPoint> Addresses(EndpointKey endpoint, ClusterState cluster, DnsEndPoint requested)
    {
        if (endpoint.Address.Length == 0)
        {
            return [requested];
        }

        if (!IPAddress.TryParse(endpoint.Address, out var address))
        {
            return OfName(endpoint, cluster);
        }

        var first = new IPEndPoint(address, endpoint.Port);
        return endpoint.Additional.Count == 0
            ? [first]
            : [first, .. endpoint.Additional.Select(a => new IPEndPoint(IPAddress.Parse(a.Address), a.Port))];
    }

    public static string Host(EndpointKey endpoint, DnsEndPoint requested) =>
        endpoint.Address.Length == 0 ? requested.Host : endpoint.Hostname ?? endpoint.Address;

    /// <summary>The newest addresses of a logical DNS cluster: the first, or with ALL families whichever answers (Envoy, "Logical DNS").</summary>
    private static IReadOnlyList<EndPoint> OfName(EndpointKey endpoint, ClusterState cluster)
    {
        var addresses = cluster.AddressesOf(endpoint.Address);
        var used = cluster.Model.Config?.Dns.Family == Xds.Config.DnsLookupFamily.All ? addresses : addresses.Take(1);
        return [.. used.Select(a => new IPEndPoint(a, endpoint.Port))];
    }
}
