using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Bootstrap;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.Tests.Ads;
using ProxylessMesh.Xds.Tests.Grpc;
using ProxylessMesh.Xds.Tests.Identity;

namespace ProxylessMesh.Xds.Tests.Bootstrap;

/// <summary>Credentials as a bootstrap file names them (gRFCs A27, A65, A97), over real sockets.</summary>
public sealed class BootstrapCredentialsTests : IDisposable
{
    private const string Insecure = """{ "type": "insecure" }""";

    private readonly KestrelAdsServer _ads = new();
    private readonly TemporaryDirectory _files = new();
    private readonly TestAuthority _authority = new(TimeProvider.System);

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task The_first_credentials_of_a_known_type_count()
    {
        await using var server = await RawGrpcServer.StartAsync(_ads.HandleAsync);
        await using var client = Client(Server(server.Address.Authority, $$"""{ "type": "google_default" }, { "type": "alts" }, {{Insecure}}, { "type": "tls" }"""));

        Assert.Equal("x", await WatchAsync(client));
    }

    [Fact]
    public async Task Insecure_over_a_unix_socket_as_istios_agent_offers_it_with_a_token()
    {
        var socket = _files.File("XDS");
        await File.WriteAllTextAsync(_files.File("token"), "a.b.c\n");
        await using var server = await RawGrpcServer.StartUnixAsync(socket, _ads.HandleAsync);
        await using var client = Client(Server($"unix://{socket}", Insecure, "token"));

        Assert.Equal("x", await WatchAsync(client));
        Assert.Equal("Bearer a.b.c", _ads.Authorization);
    }

    [Fact]
    public async Task Certificate_and_token_that_are_replaced_count_from_the_next_stream_on()
    {
        using var certificate = Issue("CN=server");
        Write("root.pem", _authority.Roots[0].ExportCertificatePem());
        WriteIdentity("CN=one", "token-one");
        await using var server = await RawGrpcServer.StartTlsAsync(certificate, HttpProtocols.Http2, _ads.HandleAsync);
        await using var client = Client(Server(server.Address.Authority, Tls(), "token"));
        var watcher = new RecordingWatcher();
        using var subscription = client.Watch(Note.Full, "a", watcher);
        Assert.Equal("x", await watcher.NextAsync());
        Assert.Equal(("CN=one", "Bearer token-one"), (_ads.ClientCertificate, _ads.Authorization));

        WriteIdentity("CN=two", "token-two");
        _ads.Notes["a"] = "a=again";
        client.UpdateNode(AdsFixture.Node("[1]"));
        Assert.Equal("again", await watcher.NextAsync());
        Assert.Equal(("CN=two", "Bearer token-two"), (_ads.ClientCertificate, _ads.Authorization));
    }

    [Fact]
    public async Task Tls_without_roots_trusts_those_of_the_machine_only()
    {
        using var certificate = Issue("CN=server");
        await using var server = await RawGrpcServer.StartTlsAsync(certificate, HttpProtocols.Http2, _ads.HandleAsync);
        await using var client = Client(Server(server.Address.Authority, """{ "type": "tls" }"""));

        Assert.Equal("missing Unreachable", await WatchAsync(client));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("one\r\nx-forged: header")]
    [InlineData("LONG")]
    public async Task Without_a_token_that_is_one_no_call_is_made(string? token)
    {
        if (token is not null)
        {
            Write("token", token == "LONG" ? new string('a', 1 << 20) : token);
        }

        var socket = _files.File("XDS");
        await using var server = await RawGrpcServer.StartUnixAsync(socket, _ads.HandleAsync);
        await using var client = Client(Server($"unix://{socket}", Insecure, "token"));

        Assert.Equal("missing Unreachable", await WatchAsync(client));
        Assert.Null(_ads.Authorization);
    }

    [Fact]
    public async Task Rule16_a_server_whose_certificate_is_not_trusted_is_one_that_cannot_be_reached()
    {
        using var certificate = Issue("CN=server");
        Write("root.pem", new TestAuthority(TimeProvider.System).Roots[0].ExportCertificatePem());
        WriteIdentity("CN=one", "t");
        var impostor = new KestrelAdsServer();
        var socket = _files.File("XDS");
        await using var first = await RawGrpcServer.StartTlsAsync(certificate, HttpProtocols.Http2, impostor.HandleAsync);
        await using var second = await RawGrpcServer.StartUnixAsync(socket, _ads.HandleAsync);
        await using var client = Client($"{Server(first.Address.Authority, Tls(), "token")}, {Server($"unix://{socket}", Insecure)}");

        Assert.Equal("x", await WatchAsync(client));
        Assert.Null(impostor.Authorization);
    }

    private static XdsClient Client(string servers)
    {
        var bootstrap = BootstrapReader.Read("test", Encoding.UTF8.GetBytes($"{{ \"xds_servers\": [ {servers} ] }}"));
        var ways = new BootstrapServers(bootstrap, server => BootstrapTransport.Create(server, new GrpcChannelSettings(), TimeProvider.System));
        return new XdsClient(ways.Default, AdsFixture.Node(), TimeProvider.System, SystemRandomSource.Instance, NullLoggerFactory.Instance);
    }

    private static async Task<string> WatchAsync(XdsClient client)
    {
        var watcher = new RecordingWatcher();
        using var subscription = client.Watch(Note.Full, "a", watcher);
        return await watcher.NextAsync();
    }

    private string Server(string uri, string credentials, string? token = null) => $$"""
        { "server_uri": "{{uri}}", "channel_creds": [ {{credentials}} ], "server_features": [ "xds_v3" ]
          {{(token is null ? "" : $$""", "call_creds": [ { "type": "jwt_token_file", "config": { "jwt_token_file": "{{_files.File(token)}}" } } ]""")}} }
        """;

    private string Tls() => $$"""
        { "type": "tls", "config": {
          "ca_certificate_file": "{{_files.File("root.pem")}}", "certificate_file": "{{_files.File("cert.pem")}}", "private_key_file": "{{_files.File("key.pem")}}", "refresh_interval": "60s" } }
        """;

    private void WriteIdentity(string subject, string token)
    {
        using var certificate = Issue(subject);
        using var key = certificate.GetECDsaPrivateKey()!;
        Write("cert.pem", certificate.ExportCertificatePem());
        Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        Write("token", token);
    }

    private void Write(string name, string text) => File.WriteAllText(_files.File(name), text);

    private X509Certificate2 Issue(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = _authority.Issue(key, new TestLeaf { Subject = subject, Addresses = ["127.0.0.1"] });
        return certificate.CopyWithPrivateKey(key);
    }
}
