namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>How a ServiceEntry's endpoints are found.</summary>
internal enum ServiceEntryResolution
{
    None,
    Static,

    /// <summary>Every address of each name is an endpoint.</summary>
    Dns,

    /// <summary>One name; new connections go to the first address that it has now.</summary>
    DnsRoundRobin,
}
