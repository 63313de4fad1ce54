namespace ProxylessMesh.Xds.Config;

/// <summary>A chain that passes its connections on as they are (network filter tcp_proxy).</summary>
/// <param name="Cluster">Where to: <c>inbound|9000||</c> is the workload itself.</param>
/// <param name="Rules">Who may connect; every one of them must admit a connection.</param>
internal sealed record TcpProxyConfig(string Cluster, EquatableArray<NetworkRbacConfig> Rules);
