using System.Security.Authentication;
using System.Security.Cryptography;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Connections;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;

namespace ProxylessMesh.Client.Tests.TlsOrigination;

/// <summary>Real handshakes with a server that is not of the mesh.</summary>
public sealed class TlsOriginationTests : IDisposable
{
    private const string Host = "api.example.com";

    private readonly TemporaryDirectory _files = new();
    private readonly TestAuthority _authority = new(TimeProvider.System);

    public TlsOriginationTests() => Write("ca.pem", _authority);

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task AnHttpCallLeavesAsHttps()
    {
        await using var server = new HttpsServer(_authority, new TestLeaf { DnsNames = [Host] });

        Assert.Equal($"{Host} nobody", await Get(server, Tls(names: Host)));
    }

    [Theory]
    [InlineData("api.example.com", "api.example.com", true)]
    [InlineData("*.example.com", "api.example.com", true)]
    [InlineData("*.example.com", "a.api.example.com", false)]
    [InlineData("other.example.com", "api.example.com", false)]
    [InlineData("api.example.com.evil.org", "api.example.com", false)]
    public async Task TheCertificateMustBeForTheName(string certificate, string expected, bool accepted)
    {
        await using var server = new HttpsServer(_authority, new TestLeaf { DnsNames = [certificate], Subject = $"CN={expected}" });

        if (accepted)
        {
            await Get(server, Tls(names: expected));
        }
        else
        {
            await Refused(server, Tls(names: expected), "none of the names that the configuration allows");
        }
    }

    [Fact]
    public async Task WithoutNamesTheServerNameIsChecked()
    {
        await using var server = new HttpsServer(_authority, new TestLeaf { DnsNames = ["other.example.com"] });

        await Refused(server, Tls(), $"the certificate is not for {Host}");
    }

    [Fact]
    public async Task AUriNameCanBeAsked()
    {
        await using var server = new HttpsServer(_authority, new TestLeaf { Uris = ["spiffe://partner/ns/a/sa/b"] });

        await Get(server, Tls(names: "spiffe://partner/ns/a/sa/b"));
        await Refused(server, Tls(names: "spiffe://partner/ns/a/sa/c"), "none of the names");
    }

    [Fact]
    public async Task AnotherAuthorityIsRefused()
    {
        await using var server = new HttpsServer(new TestAuthority(TimeProvider.System, "other"), new TestLeaf { DnsNames = [Host] });

        await Refused(server, Tls(names: Host), "does not chain to the roots in");
        await Refused(server, Tls(names: Host) with { Origination = new TlsOriginationConfig(null, null, null) }, "does not chain to a root of this machine");
    }

    [Fact]
    public async Task AnExpiredCertificateIsRefused()
    {
        await using var server = new HttpsServer(
            _authority,
            new TestLeaf { DnsNames = [Host], NotBefore = TimeProvider.System.GetUtcNow().AddHours(-2), NotAfter = TimeProvider.System.GetUtcNow().AddHours(-1) });

        await Refused(server, Tls(names: Host), "not valid now");
    }

    [Fact]
    public async Task ACertificateForClientsOnlyIsRefused()
    {
        await using var server = new HttpsServer(_authority, new TestLeaf { DnsNames = [Host], ExtendedKeyUsage = [TestLeaf.ClientAuth] });

        await Refused(server, Tls(names: Host), "does not chain");
    }

    [Fact]
    public async Task VerificationCanBeSwitchedOff()
    {
        await using var server = new HttpsServer(new TestAuthority(TimeProvider.System, "other"), new TestLeaf { DnsNames = ["x"] });

        await Get(server, Tls() with { Origination = new TlsOriginationConfig(null, null, null) { AcceptUntrusted = true } });
    }

    [Fact]
    public async Task ReplacedRootsCountForTheNextConnection()
    {
        var next = new TestAuthority(TimeProvider.System, "next");
        await using var server = new HttpsServer(next, new TestLeaf { DnsNames = [Host] });
        using var client = Client(server, Tls(names: Host));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(Url(server)));

        Write("ca.pem", next);

        Assert.Equal($"{Host} nobody", await client.GetStringAsync(Url(server)));
    }

    [Fact]
    public async Task OurCertificateIsShownFromItsFiles()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = _authority.Issue(key, new TestLeaf { Subject = "CN=shop", DnsNames = ["shop"] });
        File.WriteAllText(Path("tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path("tls.key"), key.ExportPkcs8PrivateKeyPem());
        await using var server = new HttpsServer(_authority, new TestLeaf { DnsNames = [Host] }, asksForCertificate: true);

        Assert.Equal($"{Host} CN=shop", await Get(server, Mutual()));

        using var another = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(Path("tls.key"), another.ExportPkcs8PrivateKeyPem() + "\n");
        await Refused(server, Mutual(), "holds no key of the certificate");

        File.Delete(Path("tls.key"));
        await Refused(server, Mutual(), "cannot be read");
    }

    [Fact]
    public async Task AWildcardHostIsNamedByTheRequestItself()
    {
        await using var server = new HttpsServer(_authority, new TestLeaf { DnsNames = ["localhost"] });
        var tls = new UpstreamTlsConfig(null, "", [], "", []) { Origination = Files() with { AutoHostName = true, AutoNameValidation = true } };
        using var cluster = new ClusterState("any", new EndpointConnector(null, TimeProvider.System).CreateHandler, TimeProvider.System, new SeededRandom(1));
        var config = Sample.Cluster(tls: tls) with { Discovery = ClusterDiscovery.PassThrough };
        cluster.Apply(new ClusterSnapshot("any", config, null, null));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost:{server.Port}/");

        var endpoint = cluster.Pick(default)!;
        using var response = await endpoint.SendAsync(request, CancellationToken.None);

        Assert.Equal("localhost nobody", await response.Content.ReadAsStringAsync());
        endpoint.Release();
    }

    private static string Url(HttpsServer server) => $"http://{Host}:{server.Port}/";

    private UpstreamTlsConfig Tls(params string[] names) =>
        new(null, "", names.Select(n => new StringMatchConfig(StringMatchKind.Exact, n)).ToEquatableArray(), Host, []) { Origination = Files() };

    private UpstreamTlsConfig Mutual() => Tls(Host) with { Origination = new TlsOriginationConfig(Path("ca.pem"), Path("tls.crt"), Path("tls.key")) };

    private TlsOriginationConfig Files() => new(Path("ca.pem"), null, null);

    private static HttpClient Client(HttpsServer server, UpstreamTlsConfig tls)
    {
        var cluster = new ClusterState("egress", (_, _) => throw new InvalidOperationException(), TimeProvider.System, new SeededRandom(1));
        return new HttpClient(new EndpointConnector(null, TimeProvider.System).CreateHandler(cluster, new EndpointKey("127.0.0.1", server.Port, tls)));
    }

    private static async Task<string> Get(HttpsServer server, UpstreamTlsConfig tls)
    {
        using var client = Client(server, tls);
        return await client.GetStringAsync(Url(server)).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task Refused(HttpsServer server, UpstreamTlsConfig tls, string why)
    {
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => Get(server, tls));
        Assert.IsAssignableFrom<AuthenticationException>(failure.InnerException);
        Assert.Contains(why, failure.InnerException!.Message, StringComparison.Ordinal);
    }

    private string Path(string name) => System.IO.Path.Combine(_files.Path, name);

    private void Write(string name, TestAuthority authority) =>
        File.WriteAllText(Path(name), string.Join('\n', authority.Roots.Select(r => r.ExportCertificatePem())) + new string('\n', authority.TrustDomain.Length));
}
