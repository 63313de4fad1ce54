namespace ProxylessMesh.Xds.Config;

/// <summary>A further address of an endpoint.</summary>
/// <param name="Address">IP address.</param>
/// <param name="Port">1 to 65535.</param>
internal readonly record struct AddressConfig(string Address, int Port);
