using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Xds.Ads;

/// <summary>The way to a control plane over TLS: which roots it must lead to, and what proves who calls.</summary>
/// <param name="address"><c>https://host:15012</c>.</param>
/// <param name="roots">That the operator gave, read for each handshake; null = the machine's.</param>
/// <param name="token">Null: none.</param>
/// <param name="time">Clock of deadlines and validity.</param>
internal sealed class ControlPlaneAccess(Uri address, Func<X509Certificate2Collection?> roots, TokenFile? token, TimeProvider time)
{
    private readonly string _host = address.IdnHost.Trim('[', ']');

    /// <summary>Whose certificate proves who calls. Null: none has one yet.</summary>
    public IIdentitySource? Identity { get; set; }

    /// <summary>Asks it for certificates.</summary>
    public ICertificateIssuer CreateIssuer() => new GrpcCertificateIssuer(address, Trusted, () => token?.Read(), time);

    /// <summary>ADS.</summary>
    public IAdsTransport CreateTransport(XdsServerFeatures features, AdsVariant variant = AdsVariant.StateOfTheWorld) => new GrpcAdsTransport(
        address.GetLeftPart(UriPartial.Authority),
        features,
        () => new GrpcChannel(address, new GrpcChannelSettings(), () => MeshTls.ForControlPlane(_host, Trusted(), Identity?.Current?.Certificate, time), time),
        _ => Task.FromResult(Proof()))
    {
        Variant = variant,
    };

    /// <summary>The operator's roots vouch for the first contact. What the control plane has said since counts too: its own certificate follows a new root.</summary>
    private X509Certificate2Collection? Trusted() =>
        roots() is not { } given ? null
        : Identity?.Current is { Bundle.Roots: var learned } ? [.. given, .. learned.Where(root => !given.Contains(root))]
        : given;

    /// <summary>The certificate of the connection is the proof; the token speaks only until there is one.</summary>
    private IReadOnlyList<KeyValuePair<string, string>> Proof() =>
        Identity?.Current is null && token?.Read() is { } bearer ? [new("authorization", "Bearer " + bearer)] : [];
}
