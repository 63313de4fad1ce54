namespace ProxylessMesh.Xds.Config;

/// <summary>RequestMirrorPolicy: a share of the requests is sent to another cluster as well, and its responses are dropped.</summary>
/// <param name="Cluster">Where to.</param>
/// <param name="PerMillion">Which share.</param>
/// <param name="Host">Null: the request's own.</param>
/// <param name="ShadowSuffix">Envoy's default: "-shadow" is added to the host.</param>
internal readonly record struct MirrorConfig(string Cluster, int PerMillion, string? Host, bool ShadowSuffix);
