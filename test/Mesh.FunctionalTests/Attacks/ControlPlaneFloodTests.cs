using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.LoadReports;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.Attacks;

/// <summary>Noise at the ports of a real control plane, while a client beside it waits for a change.</summary>
public sealed class ControlPlaneFloodTests
{
    private const string Url = "http://reviews:9080/";
    private const int Rounds = 200;

    [Fact]
    public async Task Bytes_that_are_no_protocol_cost_their_connection_and_nobody_else_anything()
    {
        await using var mesh = await StartAsync();
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");
        var random = new Random(20261120);
        var open = new List<Wire>();
        foreach (var port in new[] { mesh.Plane.XdsEndPoint!, mesh.Plane.SecureEndPoint })
        {
            for (var round = 0; round < Rounds; round++)
            {
                var wire = await Wire.OpenAsync(port);
                open.Add(wire);
                await SendAsync(wire, Noise(random, round));
            }
        }

        await ExpectChangeAsync(mesh, client);
        foreach (var wire in open)
        {
            await wire.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources", false)]
    [InlineData("/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources", true)]
    [InlineData("/envoy.service.load_stats.v3.LoadReportingService/StreamLoadStats", false)]
    [InlineData("/istio.v1.auth.IstioCertificateService/CreateCertificate", true)]
    public async Task Messages_that_are_noise_end_in_a_status(string method, bool secure)
    {
        await using var mesh = await StartAsync();
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");
        using var http = Http2();
        var random = new Random(method.Length);
        for (var round = 0; round < Rounds; round++)
        {
            var body = new byte[random.Next(2, 300)];
            random.NextBytes(body);
            if (round % 2 == 0)
            {
                // A frame as it should be, around noise.
                body = [0, 0, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];
            }

            using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(GrpcContentType.Value) } };
            using var response = await http.PostAsync(new Uri(secure ? mesh.Secure : mesh.Plaintext, method), content);
            var status = response.Headers.Concat(response.TrailingHeaders).Single(h => h.Key == "grpc-status").Value.Single();
            Assert.NotEqual("0", status);
        }

        await ExpectChangeAsync(mesh, client);
    }

    private static async Task<MeshEnvironment> StartAsync()
    {
        var mesh = await MeshEnvironment.StartAsync(
            options => options with { LoadReports = new LoadReportSettings() },
            ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.Subsets("reviews")}"), ("routes.yaml", Yaml.Routes("reviews", $"{{ {Yaml.To("reviews", "v1")} }}")));
        await mesh.StartWorkloadAsync("reviews");
        await mesh.StartWorkloadAsync("reviews", "v2");
        return mesh;
    }

    private static async Task ExpectChangeAsync(MeshEnvironment mesh, MeshClient client)
    {
        mesh.Write("routes.yaml", Yaml.Routes("reviews", $"{{ {Yaml.To("reviews", "v2")} }}"));
        await client.UntilAsync(Url, a => a.Workload == "reviews-v2");
        Assert.DoesNotContain(mesh.Logs.Entries, e => e.Level >= LogLevel.Error);
    }

    private static HttpClient Http2()
    {
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true } };
        return new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    /// <summary>Noise alone, behind the preface of HTTP/2, or behind the head of a TLS record.</summary>
    private static byte[] Noise(Random random, int round)
    {
        var noise = new byte[random.Next(1, 4096)];
        random.NextBytes(noise);
        return (round % 3) switch
        {
            0 => noise,
            1 => [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. noise],
            _ => [0x16, 3, 1, 0x0f, 0xff, 1, .. noise],
        };
    }

    private static async Task SendAsync(Wire wire, byte[] bytes)
    {
        try
        {
            await wire.SendAsync(bytes);
        }
        catch (IOException)
        {
            // It has had enough already.
        }
    }
}
