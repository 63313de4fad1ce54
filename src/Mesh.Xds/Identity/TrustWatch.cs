using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// Follows the mesh's roots and revocation lists (SDS over ADS, under Istio's name <c>ROOTCA</c>), so that a running workload
/// trusts a new root before anything is signed with it. A control plane that has no such secret changes nothing.
/// </summary>
internal sealed class TrustWatch : IResourceWatcher<TrustAnchorsConfig>, IDisposable
{
    /// <summary>Name of the secret.</summary>
    public const string SecretName = "ROOTCA";

    private readonly CaIdentitySource _identity;
    private readonly IDisposable _subscription;

    public TrustWatch(XdsClient client, CaIdentitySource identity)
    {
        _identity = identity;
        _subscription = client.Watch(ResourceKinds.Secret, SecretName, this);
    }

    public void OnChanged(TrustAnchorsConfig resource) =>
        _identity.UseTrust(new TrustAnchors(PemCertificates.Read(resource.Roots), RevocationList.ReadAll(resource.RevocationLists))
        {
            Domains = resource.Domains.Entries.ToDictionary(d => d.Key, d => PemCertificates.Read(d.Value), StringComparer.Ordinal),
        });

    // The roots in force stay: nobody is cut off because a control plane has lost its own.
    public void OnMissing(ResourceError error)
    {
    }

    public void OnAmbientError(ResourceError error)
    {
    }

    public void Dispose() => _subscription.Dispose();
}
