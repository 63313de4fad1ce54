namespace ProxylessMesh.Xds.Config;

/// <summary>What an earlier filter has learnt of the request, for example the claims of its token.</summary>
/// <param name="Filter">Whose metadata: <c>envoy.filters.http.jwt_authn</c>.</param>
/// <param name="Path">Of the value in it.</param>
/// <param name="Value">What the value must be.</param>
/// <param name="Invert">Whether it must not be that; then a missing value matches.</param>
internal sealed record RbacMetadataConfig(string Filter, EquatableArray<string> Path, ValueMatchConfig Value, bool Invert) : RbacConditionConfig;
