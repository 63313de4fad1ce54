using System.Security.Cryptography.X509Certificates;
using Istio.V1.Auth;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// <c>istio.v1.auth.IstioCertificateService/CreateCertificate</c>. Proof of who asks is the current certificate, the bearer
/// token, or both; the control plane prefers the certificate.
/// </summary>
/// <param name="address"><c>https://host:15012</c>.</param>
/// <param name="roots">That the control plane's certificate must chain to, read for each call; null = the machine's.</param>
/// <param name="token">Read for each call, because the platform replaces it; null = none at the moment.</param>
/// <param name="time">Clock of deadlines and validity.</param>
internal sealed class GrpcCertificateIssuer(
    Uri address, Func<X509Certificate2Collection?> roots, Func<string?> token, TimeProvider time) : ICertificateIssuer
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    // A chain is a few kilobytes.
    private readonly GrpcChannelSettings _settings = new() { MaxReceiveMessageSize = 1024 * 1024 };

    private readonly Uri _address = address.Scheme == Uri.UriSchemeHttps
        ? address
        : throw new ArgumentException(
            $"A token must not travel in plaintext, so the certificate authority needs an https address, not {address}.", nameof(address));

    /// <inheritdoc/>
    public async Task<string> IssueAsync(
        string signingRequest, TimeSpan lifetime, WorkloadCertificate? current, CancellationToken cancellationToken)
    {
        var bearer = token();
        if (bearer is null && current is null)
        {
            throw new InvalidOperationException("there is neither a token nor a valid certificate to prove who this workload is");
        }

        var trusted = roots();

        // One call per half a day: a connection of its own shows the certificate of this moment.
        var host = _address.IdnHost.Trim('[', ']');
        using var channel = new GrpcChannel(_address, _settings, () => MeshTls.ForControlPlane(host, trusted, current, time), time);
        var request = new IstioCertificateRequest { Csr = signingRequest, ValidityDuration = (long)lifetime.TotalSeconds };
        var options = new GrpcCallOptions(s_timeout, bearer is null ? null : [new("authorization", "Bearer " + bearer)]);
        var response = await channel.UnaryAsync(WellKnownMethods.CreateCertificate, request, options, cancellationToken).ConfigureAwait(false);
        return string.Join('\n', response.CertChain);
    }
}
