using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Any source, any operation and all conditions; a list that is empty does not restrict.</summary>
internal sealed record AuthorizationRule(
    EquatableArray<AuthorizationSource> From,
    EquatableArray<AuthorizationOperation> To,
    EquatableArray<AuthorizationCondition> When);
