using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Envoy.Service.Discovery.V3;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.Serving;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.ControlPlane;

/// <summary>A control plane on free ports, over a folder that the test edits.</summary>
internal sealed class ControlPlaneFixture : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mesh-control-plane-");
    private readonly List<IDisposable> _owned = [];

    private ControlPlaneFixture()
    {
        Directory.CreateDirectory(ConfigDirectory);
        Server = new ControlPlaneServer(
            new ControlPlaneOptions
            {
                ConfigDirectory = ConfigDirectory,
                DataDirectory = DataDirectory,
                XdsAddress = new(System.Net.IPAddress.Loopback, 0),
                SecureAddress = new(System.Net.IPAddress.Loopback, 0),
            },
            TimeProvider.System,
            Logs);
    }

    public ControlPlaneServer Server { get; }

    public CollectedLogs Logs { get; } = new();

    private string ConfigDirectory => Path.Combine(_root.FullName, "config");

    private string DataDirectory => Path.Combine(_root.FullName, "data");

    /// <param name="files">Name and content.</param>
    public static async Task<ControlPlaneFixture> StartAsync(params (string Name, string Content)[] files)
    {
        var fixture = new ControlPlaneFixture();
        foreach (var (name, content) in files)
        {
            fixture.Write(name, content);
        }

        await fixture.Server.StartAsync(CancellationToken.None);
        return fixture;
    }

    public void Write(string name, string content) => File.WriteAllText(Path.Combine(ConfigDirectory, name), content);

    public string Token(string ns, string serviceAccount) =>
        JoinTokens.Open(DataDirectory, TimeProvider.System).Create(ns, serviceAccount, TimeSpan.FromHours(1));

    public GrpcChannel PlaintextChannel() => Own(new GrpcChannel(new Uri($"http://{Server.XdsEndPoint}"), new GrpcChannelSettings(), tls: null, TimeProvider.System));

    /// <summary>A channel that trusts the root that the control plane wrote, and nothing else.</summary>
    public GrpcChannel SecureChannel(X509Certificate2? certificate = null)
    {
        var root = Own(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(DataDirectory, "root-cert.pem")));
        return Own(new GrpcChannel(
            new Uri($"https://{Server.SecureEndPoint}"),
            new GrpcChannelSettings(),
            () => new SslClientAuthenticationOptions
            {
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { root },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
            TimeProvider.System));
    }

    public static GrpcDuplexCall<DiscoveryRequest, DiscoveryResponse> Subscribe(GrpcChannel channel, string? token = null) =>
        channel.Duplex(
            WellKnownMethods.StreamAggregatedResources,
            token is null ? GrpcCallOptions.None : new GrpcCallOptions(Metadata: [new("authorization", $"Bearer {token}")]));

    /// <summary>What a workload does first: a key, a signing request that names nobody, and a token.</summary>
    public async Task<X509Certificate2> JoinAsync(string ns, string serviceAccount)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var csr = new CertificateRequest("", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        var response = await SecureChannel().UnaryAsync(
            WellKnownMethods.CreateCertificate,
            new Istio.V1.Auth.IstioCertificateRequest { Csr = csr },
            new GrpcCallOptions(Metadata: [new("authorization", $"Bearer {Token(ns, serviceAccount)}")]),
            CancellationToken.None);
        using var leaf = X509Certificate2.CreateFromPem(response.CertChain[0]);
        return Own(leaf.CopyWithPrivateKey(key));
    }

    public async ValueTask DisposeAsync()
    {
        _owned.ForEach(owned => owned.Dispose());
        await Server.DisposeAsync();
        _root.Delete(recursive: true);
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
