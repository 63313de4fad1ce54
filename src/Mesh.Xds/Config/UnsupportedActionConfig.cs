namespace ProxylessMesh.Xds.Config;

/// <summary>An action that this data plane cannot do. The route still matches, and answers with a local error that says so: it is never skipped silently.</summary>
internal sealed record UnsupportedActionConfig(string Reason) : RouteActionConfig;
