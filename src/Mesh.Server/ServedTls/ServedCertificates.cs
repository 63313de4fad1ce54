using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client.TlsOrigination;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Server.ServedTls;

/// <summary>
/// TLS of servers towards clients outside the mesh. Files are looked at for each connection and read again when they have changed; one
/// that has become unusable, or is half replaced, leaves what was read last in force.
/// </summary>
internal sealed partial class ServedCertificates(IInboundMesh mesh, ILogger<ServedCertificates> logger)
{
    private const int MaxKept = 256;

    private static readonly Oid s_clientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly CertificateFiles _files = new();
    private readonly ConcurrentDictionary<CredentialConfig, SslStreamCertificateContext> _certificates = new();
    private readonly ConcurrentDictionary<CredentialConfig, X509Certificate2Collection> _roots = new();
    private readonly LogThrottle _unusable = new(mesh.Time, TimeSpan.FromSeconds(10));

    /// <summary>Where credentials lie, a folder each; null: nowhere.</summary>
    public string? Directory { get; set; }

    /// <param name="tls">Of the server.</param>
    /// <param name="alpn">What the endpoint speaks; names of the mesh are left out.</param>
    /// <param name="peer">Receives what becomes of the client's certificate.</param>
    /// <exception cref="AuthenticationException">A file cannot be used, and none could before.</exception>
    public SslServerAuthenticationOptions Options(DownstreamTlsConfig tls, IReadOnlyList<SslApplicationProtocol> alpn, HandshakePeer peer)
    {
        var served = tls.Served!;
        try
        {
            return new SslServerAuthenticationOptions
            {
                ServerCertificateContext = Certificate(served.Certificate),
                ApplicationProtocols = [.. alpn.Where(p => p == SslApplicationProtocol.Http2 || p == SslApplicationProtocol.Http11)],
                EnabledSslProtocols = tls.Parameters?.Protocols ?? SslProtocols.Tls12 | SslProtocols.Tls13,
                CipherSuitesPolicy = tls.Parameters?.CipherSuitesPolicy(),
                AllowRenegotiation = false,

                // A ticket would outlive the certificate of the client and the roots that it was verified by.
                AllowTlsResume = false,
                ClientCertificateRequired = served.Roots is not null,
                CertificateChainPolicy = served.Roots is null ? null : ChainPolicy(Roots(served.Roots)),
                RemoteCertificateValidationCallback = (_, shown, _, errors) => Verify(shown, errors, tls, peer),
            };
        }
        catch (CryptographicException e)
        {
            peer.Refuse(e.Message);
            throw new AuthenticationException(e.Message, e);
        }
    }

    private static bool Verify(X509Certificate? shown, SslPolicyErrors errors, DownstreamTlsConfig tls, HandshakePeer peer)
    {
        if (shown is not X509Certificate2 certificate)
        {
            return !tls.RequireClientCertificate || peer.Refuse("the client showed no certificate");
        }

        // Without roots none was asked for, and one that comes all the same proves nothing.
        if (tls.Served!.Roots is null)
        {
            return true;
        }

        return errors != SslPolicyErrors.None ? peer.Refuse("the client's certificate does not chain to the roots of this server, or is not valid now")
            : tls.Served.SubjectAltNames.Count > 0 && !ServerNames.MatchesAny(certificate, tls.Served.SubjectAltNames)
                ? peer.Refuse("the client's certificate has none of the names that this server allows")
            : peer.Accept(null);
    }

    private X509ChainPolicy ChainPolicy(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = mesh.Time.GetUtcNow().LocalDateTime,
            VerificationTimeIgnored = false,
        };
        policy.ApplicationPolicy.Add(s_clientAuthentication);
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    private SslStreamCertificateContext Certificate(CredentialConfig source) => LastGood(_certificates, source, s =>
        s.Folder is { } folder
            ? _files.Identity(PathOf(folder, "tls.crt"), PathOf(folder, "tls.key"))
            : _files.Identity(s.File!, s.KeyFile!));

    private X509Certificate2Collection Roots(CredentialConfig source) => LastGood(_roots, source, s =>
        _files.Roots(s.Folder is { } folder ? RootsOf(folder) : s.File!));

    /// <summary>Of a Secret with its own name, or in that of the certificate (Istio, credentialName: <c>NAME-cacert</c>).</summary>
    private string RootsOf(string folder)
    {
        const string Suffix = "-cacert";
        const string Roots = "ca.crt";
        var own = PathOf(folder, Roots);
        return folder.EndsWith(Suffix, StringComparison.Ordinal) && !File.Exists(own) ? PathOf(folder[..^Suffix.Length], Roots) : own;
    }

    private string PathOf(string folder, string file) =>
        Path.Combine(Directory ?? throw new CryptographicException($"the credential {folder} has no place: the gateway was told no directory of credentials"), folder, file);

    private T LastGood<T>(ConcurrentDictionary<CredentialConfig, T> kept, CredentialConfig source, Func<CredentialConfig, T> read)
    {
        try
        {
            var value = read(source);
            if (kept.Count >= MaxKept)
            {
                kept.Clear();
            }

            kept[source] = value;
            return value;
        }
        catch (CryptographicException e)
        {
            if (_unusable.TryPass(out _))
            {
                Log.Unusable(logger, source.Folder ?? source.File!, e.Message, kept.ContainsKey(source) ? "what was read last is served" : "its connections are refused");
            }

            if (kept.TryGetValue(source, out var last))
            {
                return last;
            }

            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3390, LogLevel.Error, "The certificate {Name} cannot be used, {Consequence}: {Reason}")]
        public static partial void Unusable(ILogger logger, string name, string reason, string consequence);
    }
}
