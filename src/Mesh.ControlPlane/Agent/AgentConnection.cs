using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.ControlPlane.Agent;

/// <summary>What leads from an agent to the control plane.</summary>
/// <param name="Identity">Null for a plaintext control plane: it gives no certificates.</param>
/// <param name="OpenTransport">A way for ADS; each has its own connections.</param>
internal sealed record AgentConnection(CaIdentitySource? Identity, Func<IAdsTransport> OpenTransport)
{
    public static AgentConnection Create(AgentOptions options, AgentFolder folder, TimeProvider time, IRandomSource random, ILoggerFactory loggers)
    {
        var address = options.ControlPlane;
        if (address.Scheme != Uri.UriSchemeHttps)
        {
            var name = address.IsFile ? address.AbsoluteUri : address.GetLeftPart(UriPartial.Authority);
            return new AgentConnection(
                null, () => new GrpcAdsTransport(name, XdsServerFeatures.None, () => new GrpcChannel(address, new GrpcChannelSettings(), null, time)));
        }

        var roots = () => ReadRoots(options.RootCertificateFile);
        var access = new ControlPlaneAccess(address, roots, options.TokenFile is { } file ? new TokenFile(file) : null, time);
        var settings = new CaIdentityOptions
        {
            Namespace = options.Workload.Namespace,
            ServiceAccount = options.Workload.ServiceAccount,
            Roots = roots,
        };
        var store = new IdentityStore(folder.Identity, loggers.CreateLogger<IdentityStore>());
        var identity = new CaIdentitySource(access.CreateIssuer(), store, settings, time, random, loggers.CreateLogger<CaIdentitySource>());
        access.Identity = identity;
        return new AgentConnection(identity, () => access.CreateTransport(XdsServerFeatures.None));
    }

    /// <exception cref="CryptographicException">Nothing is trusted then.</exception>
    private static X509Certificate2Collection? ReadRoots(string? path)
    {
        try
        {
            return path is null ? null : PemCertificates.Read(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CryptographicException($"the roots {path} cannot be read: {e.Message}", e);
        }
    }
}
