using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>Certifies workloads' keys as X.509 SVIDs. Who a workload is, is for its caller to know.</summary>
internal sealed class MeshCertificateAuthority : IDisposable
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    // A workload whose clock is a little behind must be able to use its certificate at once.
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromMinutes(1);

    private readonly CertificateAuthorityOptions _options;
    private readonly TimeProvider _time;
    private readonly SigningKeyPair _signer;
    private readonly Lock _lock = new();
    private readonly string[] _issuers;

    private MeshCertificateAuthority(CertificateAuthorityOptions options, TimeProvider time, SigningKeyPair signer)
    {
        _options = options;
        _time = time;
        _signer = signer;
        Bundle = new TrustBundle(options.TrustDomain, signer.Roots);

        // Root last, as istio.v1.auth has it; an intermediate goes in between.
        var roots = signer.Roots.Select(r => r.ExportCertificatePem());
        _issuers = signer.Roots.Contains(signer.Certificate) ? [.. roots] : [signer.Certificate.ExportCertificatePem(), .. roots];
    }

    /// <summary>What workloads of this mesh trust.</summary>
    public TrustBundle Bundle { get; }

    /// <summary>Opens the authority of a data directory, or makes it.</summary>
    /// <exception cref="CertificateAuthorityException">What is on disk is damaged or does not fit together, or the trust domain is not one.</exception>
    public static MeshCertificateAuthority Open(CertificateAuthorityOptions options, TimeProvider time, ILogger<MeshCertificateAuthority> logger)
    {
        if (!SpiffeId.IsTrustDomain(options.TrustDomain))
        {
            throw new CertificateAuthorityException(
                $"\"{options.TrustDomain}\" is not a trust domain: it holds lower case letters, digits, dots, dashes and underscores");
        }

        var store = new SigningKeyStore(new DataDirectory(options.DataDirectory), time, logger);
        return new MeshCertificateAuthority(options, time, store.LoadOrCreate(options.TrustDomain, options.RootLifetime));
    }

    /// <summary>Certifies the key of a signing request for an id that its sender has proven.</summary>
    /// <returns>The chain, leaf first, root last, each in PEM.</returns>
    /// <exception cref="SigningRequestException">The request is not fit to be certified.</exception>
    public IReadOnlyList<string> Issue(SpiffeId id, string signingRequest, TimeSpan? lifetime)
    {
        if (id.TrustDomain != _options.TrustDomain)
        {
            throw new SigningRequestException($"{id} is not of trust domain {_options.TrustDomain}");
        }

        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(id.ToString()));
        using var leaf = Sign(SigningRequestReader.Read(signingRequest), names, lifetime ?? _options.DefaultLifetime);
        return [leaf.ExportCertificatePem(), .. _issuers];
    }

    /// <summary>The control plane's own certificate, for the host names under which workloads reach it.</summary>
    /// <returns>The chain, leaf first, root last, in PEM.</returns>
    public string IssueServer(ECDsa key, SpiffeId id)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(id.ToString()));
        foreach (var host in _options.ServerNames.Prepend("localhost").Distinct(StringComparer.OrdinalIgnoreCase))
        {
            names.AddDnsName(host);
        }

        foreach (var address in _options.ServerAddresses.Prepend(System.Net.IPAddress.IPv6Loopback).Prepend(System.Net.IPAddress.Loopback).Distinct())
        {
            names.AddIpAddress(address);
        }

        using var leaf = Sign(new PublicKey(key), names, _options.DefaultLifetime);
        return string.Join('\n', _issuers.Prepend(leaf.ExportCertificatePem()));
    }

    /// <inheritdoc/>
    public void Dispose() => _signer.Key.Dispose();

    private X509Certificate2 Sign(PublicKey key, SubjectAlternativeNameBuilder names, TimeSpan lifetime)
    {
        var request = new CertificateRequest(new X500DistinguishedName(""), key, HashAlgorithmName.SHA256);
        var usage = X509KeyUsageFlags.DigitalSignature
            | (SigningRequestReader.IsRsa(key) ? X509KeyUsageFlags.KeyEncipherment : X509KeyUsageFlags.None);
        var extensions = request.CertificateExtensions;

        // RFC 5280, section 4.2.1.6: critical, because the subject is empty.
        extensions.Add(names.Build(critical: true));
        extensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        extensions.Add(new X509KeyUsageExtension(usage, critical: true));
        extensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuth), new Oid(ClientAuth)], critical: false));
        extensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            _signer.Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));

        var (notBefore, notAfter) = Validity(lifetime);
        lock (_lock)
        {
            return request.Create(
                _signer.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_signer.Key), notBefore, notAfter, NewSerial());
        }
    }

    private (DateTimeOffset NotBefore, DateTimeOffset NotAfter) Validity(TimeSpan lifetime)
    {
        var now = _time.GetUtcNow();
        var begin = new DateTimeOffset(_signer.Certificate.NotBefore.ToUniversalTime());
        var end = new DateTimeOffset(_signer.Certificate.NotAfter.ToUniversalTime());
        if (now >= end)
        {
            throw new SigningRequestException($"the certificate authority expired at {end:u}");
        }

        lifetime = lifetime <= TimeSpan.Zero ? _options.DefaultLifetime : lifetime;
        lifetime = lifetime < _options.MaxLifetime ? lifetime : _options.MaxLifetime;
        var notBefore = now - s_clockSkew;
        return (notBefore > begin ? notBefore : begin, now + lifetime < end ? now + lifetime : end);
    }

    // RFC 5280, section 4.1.2.2: positive. 128 random bits less the sign.
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return serial;
    }
}
