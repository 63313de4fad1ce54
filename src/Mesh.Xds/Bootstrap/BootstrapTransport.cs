using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Xds.Bootstrap;

/// <summary>Makes the way to a server that a bootstrap names. Certificates and token are read anew for each connection, so that they may rotate.</summary>
internal static class BootstrapTransport
{
    public static IAdsTransport Create(
        XdsServerConfig server, GrpcChannelSettings settings, TimeProvider time, AdsVariant variant = AdsVariant.StateOfTheWorld) => new GrpcAdsTransport(
        server.Address.OriginalString,
        server.Features,
        () => new GrpcChannel(server.Address, settings, server.Tls is { } files ? () => Read(files) : null, time),
        server.TokenFile is { } tokenFile ? _ => Task.FromResult(ReadToken(tokenFile)) : null)
    {
        Variant = variant,
    };

    private static SslClientAuthenticationOptions Read(TlsFilesConfig files)
    {
        var options = new SslClientAuthenticationOptions();
        if (files.CaCertificateFile is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(files.CaCertificateFile);
        }

        if (files is { CertificateFile: { } certificateFile, PrivateKeyFile: { } keyFile })
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificateFile);
            options.ClientCertificateContext = SslStreamCertificateContext.Create(
                X509Certificate2.CreateFromPemFile(certificateFile, keyFile), chain, offline: true);
        }

        return options;
    }

    // Without the token that it is told to bring, a call is not made (gRFC A97).
    private static IReadOnlyList<KeyValuePair<string, string>> ReadToken(string path) => new TokenFile(path).Read() is { } token
        ? [new("authorization", $"Bearer {token}")]
        : throw new IOException($"the file {path} of call_creds is missing, or holds no token");
}
