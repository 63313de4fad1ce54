using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>What of a client the translation depends on.</summary>
internal sealed record ProxyView(
    ProxyProfile Profile,
    string Namespace,
    string ServiceAccount,
    string WorkloadName,
    EquatableMap Labels,
    LocalityId Locality);
