using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Bootstrap;

/// <summary>Makes the way to a server that a bootstrap names. Certificates and token are read anew for each connection, so that they may rotate.</summary>
internal static class BootstrapTransport
{
    public static IAdsTransport Create(
        XdsServerConfig server, GrpcChannelSettings settings, TimeProvider time, AdsVariant variant = AdsVariant.StateOfTheWorld) => new GrpcAdsTransport(
        server.Address.OriginalString,
        server.Features,
        () => new GrpcChannel(server.Address, settings, server.Tls is { } files ? () => Read(files) : null, time),
        server.TokenFile is { } tokenFile ? stop => ReadTokenAsync(tokenFile, stop) : null)
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

    private static async Task<IReadOnlyList<KeyValuePair<string, string>>> ReadTokenAsync(string tokenFile, CancellationToken cancellationToken)
    {
        var token = await File.ReadAllTextAsync(tokenFile, cancellationToken).ConfigureAwait(false);
        return [new("authorization", $"Bearer {token.Trim()}")];
    }
}
