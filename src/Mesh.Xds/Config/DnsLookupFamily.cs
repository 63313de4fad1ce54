namespace ProxylessMesh.Xds.Config;

/// <summary>Cluster.DnsLookupFamily: which addresses of a name are used.</summary>
internal enum DnsLookupFamily
{
    /// <summary>IPv6; IPv4 where there are none.</summary>
    V6Preferred,
    V4Only,
    V6Only,

    /// <summary>IPv4; IPv6 where there are none.</summary>
    V4Preferred,

    /// <summary>Both.</summary>
    All,
}
