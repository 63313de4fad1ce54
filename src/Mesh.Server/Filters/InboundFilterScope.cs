namespace ProxylessMesh.Server.Filters;

/// <summary>Where a filter stands.</summary>
/// <param name="Listener">The listener's name, which is that of the port.</param>
/// <param name="Chain">The filter chain's name.</param>
/// <param name="Route">Of a variant of the chain that a route overrides; else empty.</param>
internal readonly record struct InboundFilterScope(string Listener, string Chain, string Route);
