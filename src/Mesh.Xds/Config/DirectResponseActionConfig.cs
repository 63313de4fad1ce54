namespace ProxylessMesh.Xds.Config;

/// <summary>Answer without an upstream.</summary>
internal sealed record DirectResponseActionConfig(int Status, string Body) : RouteActionConfig;
