namespace ProxylessMesh.Xds.Config;

/// <summary>An api_listener: how calls to one authority are handled.</summary>
internal sealed record OutboundListenerConfig(string Name, HttpConnectionConfig Http) : ListenerConfig(Name);
