using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Who may do what. An empty selector = the namespace, or the mesh in the root namespace.</summary>
/// <param name="Meta">Name and age.</param>
/// <param name="Selector">Of workloads.</param>
/// <param name="Action">What a match means.</param>
/// <param name="Provider">Of the extension that decides; only for CUSTOM.</param>
/// <param name="Rules">Any of them; none = never matches.</param>
/// <param name="DryRun">Annotation istio.io/dry-run: only evaluated and logged.</param>
internal sealed record AuthorizationPolicy(
    ObjectMeta Meta,
    EquatableMap Selector,
    AuthorizationAction Action,
    string? Provider,
    EquatableArray<AuthorizationRule> Rules,
    bool DryRun) : MeshObject(Meta);
