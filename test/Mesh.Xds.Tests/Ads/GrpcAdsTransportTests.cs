using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Bootstrap;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.Tests.Grpc;
using ProxylessMesh.Xds.Tests.Identity;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>The client over real sockets, with the ways to a server that a bootstrap can name.</summary>
public sealed class GrpcAdsTransportTests
{
    private readonly KestrelAdsServer _ads = new();

    [Fact]
    public async Task Subscribes_acknowledges_and_starts_anew_when_the_node_changes()
    {
        await using var server = await RawGrpcServer.StartAsync(_ads.HandleAsync);
        await using var client = Client(new(server.Address, null, null, XdsServerFeatures.None));
        var watcher = new RecordingWatcher();
        using var subscription = client.Watch(Note.Full, "a", watcher);

        Assert.Equal("x", await watcher.NextAsync());
        Assert.Equal(AdsFixture.Node().Id, (await _ads.NextAsync()).Node.Id);
        Assert.Equal("n1", (await _ads.NextAsync()).ResponseNonce);
        await client.FirstResponse.WaitAsync(TimeSpan.FromSeconds(30));

        _ads.Notes["a"] = "a=new";
        client.UpdateNode(AdsFixture.Node("[1]"));
        Assert.Equal("new", await watcher.NextAsync());
        Assert.Equal("[1]", (await _ads.NextAsync()).Node.Metadata.Fields["POD_PORTS"].StringValue);
    }

    [Fact]
    public async Task Over_a_unix_socket()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("XDS");
        await using var server = await RawGrpcServer.StartUnixAsync(path, _ads.HandleAsync);
        await using var client = Client(new(new Uri($"unix://{path}"), null, null, XdsServerFeatures.None));

        Assert.Equal("x", await WatchAsync(client));
    }

    [Fact]
    public async Task With_tls_from_files_a_client_certificate_and_a_token()
    {
        using var directory = new TemporaryDirectory();
        var authority = new TestAuthority(TimeProvider.System);
        using var serverCertificate = Issue(authority, new TestLeaf { Addresses = ["127.0.0.1"] });
        using var clientCertificate = Issue(authority, new TestLeaf { Subject = "CN=reviews" });
        await File.WriteAllTextAsync(directory.File("root.pem"), authority.Roots[0].ExportCertificatePem());
        await File.WriteAllTextAsync(directory.File("cert.pem"), clientCertificate.ExportCertificatePem());
        await File.WriteAllTextAsync(directory.File("key.pem"), clientCertificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(directory.File("token"), "ey.J0.ken\n");
        await using var server = await RawGrpcServer.StartTlsAsync(serverCertificate, HttpProtocols.Http2, _ads.HandleAsync);
        var config = new XdsServerConfig(
            server.Address,
            new(directory.File("root.pem"), directory.File("cert.pem"), directory.File("key.pem"), TlsFilesConfig.DefaultRefreshInterval),
            directory.File("token"),
            XdsServerFeatures.None);
        await using var client = Client(config);

        Assert.Equal("x", await WatchAsync(client));
        Assert.Equal("Bearer ey.J0.ken", _ads.Authorization);
        Assert.Equal("CN=reviews", _ads.ClientCertificate);

        // Fails closed: another authority's server, missing files.
        await File.WriteAllTextAsync(directory.File("other.pem"), new TestAuthority(TimeProvider.System).Roots[0].ExportCertificatePem());
        foreach (var wrong in new[]
        {
            config with { Tls = config.Tls! with { CaCertificateFile = directory.File("other.pem") } },
            config with { Tls = config.Tls! with { CaCertificateFile = directory.File("none.pem") } },
            config with { Tls = config.Tls! with { PrivateKeyFile = directory.File("none.pem") } },
            config with { TokenFile = directory.File("none") },
        })
        {
            await using var refused = Client(wrong);
            Assert.Equal("missing Unreachable", await WatchAsync(refused));
        }
    }

    [Fact]
    public async Task A_refusal_is_told_in_words()
    {
        _ads.Refuse = ("7", "namespace prod is not yours");
        await using var server = await RawGrpcServer.StartAsync(_ads.HandleAsync);
        await using var client = Client(new(server.Address, null, null, XdsServerFeatures.None));
        var watcher = new RecordingWatcher();
        using var subscription = client.Watch(Note.Full, "a", watcher);

        Assert.Equal("missing Unreachable", await watcher.NextAsync());
        Assert.Contains("namespace prod is not yours", watcher.LastError!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_outlive_the_server_and_the_next_server_is_found()
    {
        var time = new FakeTime();
        var address = new Uri("http://127.0.0.1:1");
        var first = await RawGrpcServer.StartAsync(_ads.HandleAsync);
        address = first.Address;
        var transport = new GrpcAdsTransport("test", XdsServerFeatures.None, () => new GrpcChannel(address, new(), null, TimeProvider.System));
        await using var client = new XdsClient([transport], AdsFixture.Node(), time, SystemRandomSource.Instance, NullLoggerFactory.Instance);
        var watcher = new RecordingWatcher();
        using var subscription = client.Watch(Note.Full, "a", watcher);
        Assert.Equal("x", await watcher.NextAsync());

        await first.DisposeAsync();
        await time.WhenArmedAsync(1);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("ambient Unreachable", await watcher.NextAsync());

        await using var second = await RawGrpcServer.StartAsync(_ads.HandleAsync);
        address = second.Address;
        _ads.Notes["a"] = "a=again";
        await time.WhenArmedAsync(1);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("again", await watcher.NextAsync());
    }

    [Fact]
    public async Task A_server_that_sends_garbage_is_unreachable()
    {
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            await RawGrpcServer.SendAsync(context, [0, 0, 0, 0, 4, 0xff, 0xff, 0xff, 0xff]);
        });
        await using var client = Client(new(server.Address, null, null, XdsServerFeatures.None));

        Assert.Equal("missing Unreachable", await WatchAsync(client));
    }

    private static XdsClient Client(XdsServerConfig server) => new(
        [BootstrapTransport.Create(server, new GrpcChannelSettings(), TimeProvider.System)],
        AdsFixture.Node(),
        TimeProvider.System,
        SystemRandomSource.Instance,
        NullLoggerFactory.Instance);

    private static async Task<string> WatchAsync(XdsClient client)
    {
        var watcher = new RecordingWatcher();
        using var subscription = client.Watch(Note.Full, "a", watcher);
        return await watcher.NextAsync();
    }

    private static X509Certificate2 Issue(TestAuthority authority, TestLeaf leaf)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = authority.Issue(key, leaf);
        return certificate.CopyWithPrivateKey(key);
    }
}
