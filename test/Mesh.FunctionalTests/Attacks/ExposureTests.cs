using System.Net;
using System.Net.NetworkInformation;
using ProxylessMesh.ControlPlane.Serving;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Attacks;

/// <summary>What the control plane shows to whom.</summary>
public sealed class ExposureTests
{
    [Fact]
    public async Task It_listens_on_loopback_unless_told_and_says_so_when_plaintext_is_open()
    {
        var given = new ControlPlaneOptions { ConfigDirectory = "x", DataDirectory = "y" };
        Assert.True(IPAddress.IsLoopback(given.XdsAddress!.Address));
        Assert.True(IPAddress.IsLoopback(given.SecureAddress.Address));

        await using var mesh = await MeshEnvironment.StartAsync(options => options with { XdsAddress = new IPEndPoint(IPAddress.Any, options.XdsAddress!.Port) });

        Assert.Contains(mesh.Logs.Entries, e => e.Id.Id == 4402);
    }

    [Fact]
    public async Task Nothing_but_its_two_ports_is_open()
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        var ports = new[] { mesh.Plane.XdsEndPoint!, mesh.Plane.SecureEndPoint };

        var listening = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(l => ports.Any(p => p.Port == l.Port));

        Assert.All(listening, l => Assert.True(IPAddress.IsLoopback(l.Address)));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/debug/syncz")]
    [InlineData("/debug/pprof/")]
    [InlineData("/metrics")]
    [InlineData("/envoy.service.status.v3.ClientStatusDiscoveryService/FetchClientStatus")]
    [InlineData("/../../etc/passwd")]
    public async Task The_ports_of_xDS_and_certificates_serve_nothing_else(string path)
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        using var client = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        foreach (var address in new[] { mesh.Plaintext, mesh.Secure })
        {
            using var answer = await client.GetAsync(new Uri(address, path));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }
}
