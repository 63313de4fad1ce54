using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>What only envoyExtAuthzHttp has. Names of headers may begin or end with a star.</summary>
internal sealed record HttpAuthorizationProvider(string PathPrefix)
{
    public EquatableArray<string> IncludedHeaders { get; init; } = [];

    public EquatableMap AddedHeaders { get; init; } = EquatableMap.Empty;

    public EquatableArray<string> ToUpstreamOnAllow { get; init; } = [];

    public EquatableArray<string> ToDownstreamOnDeny { get; init; } = [];

    public EquatableArray<string> ToDownstreamOnAllow { get; init; } = [];
}
