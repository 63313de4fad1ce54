using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.ControlPlane.Translation.Secrets;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>
/// Gives workloads the authority's roots, and knows whether all that are connected have taken them. Those that never asked (Istio's
/// agents, gRPC's own clients) get roots with their certificates and are not waited for.
/// </summary>
internal sealed class TrustDistribution(MeshCertificateAuthority authority, AdsServer ads)
{
    private readonly Lock _lock = new();
    private AuthorityState? _published;
    private TranslatedResource? _resource;
    private int _since;

    /// <summary>The secret to publish as part of a state of the mesh.</summary>
    public TranslatedResource ResourceFor(int state)
    {
        lock (_lock)
        {
            var current = authority.State;
            if (!ReferenceEquals(current, _published))
            {
                var next = TrustAnchorsBuilder.Build(current.Issuers[^1], current.RevocationLists, [current.Bundle.TrustDomain, .. current.Bundle.Federated.Keys.Order(StringComparer.Ordinal)]);
                _since = _resource is not null && next.Bytes.Equals(_resource.Bytes) ? _since : state;
                (_published, _resource) = (current, next);
            }

            return _resource!;
        }
    }

    public bool IsEverywhere()
    {
        lock (_lock)
        {
            return ReferenceEquals(_published, authority.State) && ads.Clients.All(HasTaken);
        }
    }

    private bool HasTaken(ClientStatus client)
    {
        foreach (var type in client.Types)
        {
            if (type.TypeUrl == TrustAnchorsBuilder.TypeUrl && type.Names > 0)
            {
                // STARTED-AT/STATE, as ModelPublisher writes it.
                return type.AckedVersion?.Split('/') is [_, var number] && int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) >= _since;
            }
        }

        return true;
    }
}
