using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Gateway;

/// <summary>TLS that ends at the gateway, with certificates that only its process knows.</summary>
public sealed class HttpsServerTests
{
    private const string Everything = "{ route: [ { destination: { host: reviews } } ] }";

    [Fact]
    public async Task Servers_are_found_by_name_show_their_certificates_and_keep_their_hosts_apart()
    {
        using var authority = new EdgeAuthority("Outside");
        var port = FreePort.Next();
        await using var mesh = await StartAsync(
            GatewayYaml.Https("a", port, "a.example.com", "mode: SIMPLE, credentialName: a-cert"),
            GatewayYaml.Https("b", port, "\"*.b.example.com\"", "mode: SIMPLE, credentialName: b-cert"));
        mesh.Write("routes.yaml", $"{GatewayYaml.Routes("a.example.com", Everything)}\n---\n{GatewayYaml.Routes("x.b.example.com", "{ rewrite: { uri: /b/ }, route: [ { destination: { host: reviews } } ] }")}");
        var credentials = mesh.PathOf("credentials");
        authority.Write(Path.Combine(credentials, "a-cert"), "a.example.com");
        authority.Write(Path.Combine(credentials, "b-cert"), "*.b.example.com");
        await using var gateway = await EdgeGateway.StartAsync(mesh, credentials, port);
        var outside = gateway.Outside(port, authority.Roots);
        var http2 = gateway.Outside(port, authority.Roots, http2: true);

        // The clients check the names themselves.
        var a = await EdgeGateway.AskAsync(outside, "https://a.example.com/a");
        var b = await EdgeGateway.AskAsync(outside, "https://x.b.example.com/a");
        await EdgeGateway.AskAsync(http2, "https://a.example.com/a");

        Assert.Equal(("/a", "/b/a"), (a.Path, b.Path));
        Assert.Equal("https", a.Headers["x-forwarded-proto"]);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(gateway.Misdirected(port, authority.Roots, "a.example.com", http2: false), "http://x.b.example.com/"));
        var coalescing = gateway.Misdirected(port, authority.Roots, "a.example.com", http2: true);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, await StatusAsync(coalescing, "http://x.b.example.com/"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(coalescing, "http://a.example.com/"));
        await Assert.ThrowsAsync<HttpRequestException>(() => outside.GetAsync("https://c.example.com/"));
        await Assert.ThrowsAsync<HttpRequestException>(() => gateway.Outside(port).GetAsync("http://a.example.com/"));
    }

    [Fact]
    public async Task A_certificate_that_is_replaced_is_shown_and_a_broken_one_leaves_the_last()
    {
        using var authority = new EdgeAuthority("Outside");
        var port = FreePort.Next();
        await using var mesh = await StartAsync(GatewayYaml.Https("a", port, "a.example.com", "mode: SIMPLE, credentialName: a-cert"));
        mesh.Write("routes.yaml", GatewayYaml.Routes("a.example.com", Everything));
        var folder = mesh.PathOf("credentials/a-cert");
        var first = authority.Write(folder, "a.example.com");
        await using var gateway = await EdgeGateway.StartAsync(mesh, mesh.PathOf("credentials"), port);
        await EdgeGateway.AskAsync(gateway.Outside(port, authority.Roots), "https://a.example.com/");
        Assert.Equal(first, await SerialAsync(port, authority));

        File.WriteAllText(Path.Combine(folder, "tls.crt"), "no certificate");
        Assert.Equal(first, await SerialAsync(port, authority));
        var second = authority.Write(folder, "a.example.com");
        Assert.Equal(second, await SerialAsync(port, authority));
        Assert.Contains(gateway.Logs.Entries, e => e.Id.Id == 3390 && !e.Text.Contains("PRIVATE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MUTUAL_refuses_who_has_no_certificate_of_its_roots_and_names()
    {
        using var authority = new EdgeAuthority("Outside");
        using var partners = new EdgeAuthority("Partners");
        var port = FreePort.Next();
        await using var mesh = await StartAsync(
            GatewayYaml.Https("m", port, "m.example.com", "mode: MUTUAL, credentialName: m-cert, subjectAltNames: [ acme.example.org ]"),
            GatewayYaml.Https("w", port, "\"*.example.com\"", "mode: SIMPLE, credentialName: m-cert"),
            GatewayYaml.Https("o", port, "o.example.com", "mode: OPTIONAL_MUTUAL, credentialName: m-cert, maxProtocolVersion: TLSV1_2"));
        mesh.Write("routes.yaml", $"{GatewayYaml.Routes("m.example.com", Everything)}\n---\n{GatewayYaml.Routes("o.example.com", Everything)}");
        var credentials = mesh.PathOf("credentials");
        authority.Write(Path.Combine(credentials, "m-cert"), "*.example.com");
        partners.WriteRoots(Path.Combine(credentials, "m-cert"));
        await using var gateway = await EdgeGateway.StartAsync(mesh, credentials, port);
        using var acme = partners.Issue("acme.example.org");
        using var other = partners.Issue("other.example.org");
        using var forged = authority.Issue("acme.example.org");
        var known = gateway.Outside(port, authority.Roots, acme);

        Assert.Null((await EdgeGateway.AskAsync(known, "https://m.example.com/")).Headers.GetValueOrDefault("x-forwarded-client-cert"));
        await Assert.ThrowsAsync<HttpRequestException>(() => gateway.Outside(port, authority.Roots).GetAsync("https://m.example.com/"));
        await Assert.ThrowsAsync<HttpRequestException>(() => gateway.Outside(port, authority.Roots, other).GetAsync("https://m.example.com/"));
        await Assert.ThrowsAsync<HttpRequestException>(() => gateway.Outside(port, authority.Roots, forged).GetAsync("https://m.example.com/"));

        // The routes of the server that asks nobody cover the host as well, but it is another server's.
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(gateway.Misdirected(port, authority.Roots, "x.example.com", http2: false), "http://m.example.com/"));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, await StatusAsync(gateway.Misdirected(port, authority.Roots, "x.example.com", http2: true), "http://m.example.com/"));

        await EdgeGateway.AskAsync(gateway.Outside(port, authority.Roots), "https://o.example.com/");
        await EdgeGateway.AskAsync(gateway.Outside(port, authority.Roots, other), "https://o.example.com/");
        await Assert.ThrowsAsync<HttpRequestException>(() => gateway.Outside(port, authority.Roots, forged).GetAsync("https://o.example.com/"));

        // A server that comes to ask for certificates does not keep those who showed none.
        var kept = gateway.Outside(port, authority.Roots);
        await EdgeGateway.AskAsync(kept, "https://o.example.com/");
        mesh.Write("gateway.yaml", GatewayYaml.Of("edge", GatewayYaml.Https("o", port, "o.example.com", "mode: MUTUAL, credentialName: m-cert, maxProtocolVersion: TLSV1_2")));
        await Poll.UntilAsync(() => RefusedAsync(kept, "https://o.example.com/"), () => "a caller without certificate is still served");
    }

    [Fact]
    public async Task Plaintext_callers_are_sent_to_https()
    {
        using var authority = new EdgeAuthority("Outside");
        var (plain, secure) = (FreePort.Next(), FreePort.Next());
        await using var mesh = await StartAsync(
            $"{{ port: {{ number: {plain}, name: http, protocol: HTTP }}, hosts: [ a.example.com ], tls: {{ httpsRedirect: true }} }}",
            GatewayYaml.Https("a", secure, "a.example.com", "mode: SIMPLE, credentialName: a-cert"));
        mesh.Write("routes.yaml", GatewayYaml.Routes("a.example.com", "{ match: [ { uri: { exact: /old } } ], redirect: { uri: /new } }", "{ match: [ { scheme: { exact: https } } ], route: [ { destination: { host: reviews } } ] }"));
        authority.Write(mesh.PathOf("credentials/a-cert"), "a.example.com");
        await using var gateway = await EdgeGateway.StartAsync(mesh, mesh.PathOf("credentials"), plain, secure);
        var outside = gateway.Outside(plain);
        await EdgeGateway.UntilAsync(outside, "http://a.example.com/x?y=1", HttpStatusCode.MovedPermanently);

        using var sent = await outside.GetAsync("http://a.example.com/x?y=1");
        var secured = gateway.Outside(secure, authority.Roots);
        var there = await EdgeGateway.AskAsync(secured, "https://a.example.com/x?y=1");
        using var moved = await secured.GetAsync("https://a.example.com/old");

        Assert.Equal("https://a.example.com/x?y=1", $"{sent.Headers.Location}");
        Assert.Equal("/x", there.Path);
        Assert.Equal("https://a.example.com/new", $"{moved.Headers.Location}");
    }

    private static async Task<MeshEnvironment> StartAsync(params string[] servers)
    {
        var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.PeerAuthentication("STRICT")}"), ("gateway.yaml", GatewayYaml.Of("edge", servers)));
        await mesh.StartWorkloadAsync("reviews");
        return mesh;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string url)
    {
        using var response = await client.GetAsync(url);
        return response.StatusCode;
    }

    private static async Task<bool> RefusedAsync(HttpClient client, string url)
    {
        try
        {
            using var response = await client.GetAsync(url);
            return response.StatusCode == HttpStatusCode.Forbidden;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    private static async Task<string> SerialAsync(int port, EdgeAuthority authority)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, port);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authority.Roots);
        await using var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "a.example.com", CertificateChainPolicy = policy, EnabledSslProtocols = SslProtocols.Tls13 });
        return tls.RemoteCertificate!.GetSerialNumberString();
    }
}
