using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Clusters;

/// <summary>What makes an endpoint the same one across updates: its address, and how it is spoken to (a changed TLS policy must not reuse connections).</summary>
internal readonly record struct EndpointKey(string Address, int Port, UpstreamTlsConfig? Tls);
