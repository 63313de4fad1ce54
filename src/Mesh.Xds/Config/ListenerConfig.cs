namespace ProxylessMesh.Xds.Config;

/// <summary>What an LDS resource says: either the outbound form (gRFC A27) or the inbound socket form (gRFC A36).</summary>
internal abstract record ListenerConfig(string Name);
