using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Gateway;

/// <summary>A gateway decides about a path and then writes it down again, for a server that reads it once more: all three must agree.</summary>
public sealed class DisguisedPathTests
{
    private static readonly string[] s_before = ["", "/x/..", "/x/%2e%2e", "/x/%2E.", "/x\\..", "\\x\\..", "/x%5c..", "/x%2f..", "/.", "/%2e", "/", "\\", "/x/y/../..", "/x;a/..", "http://shop.example.com"];
    private static readonly string[] s_admin = ["/admin", "\\admin", "/%61dmin", "/%2561dmin", "%2fadmin", "%5cadmin", "/admin/x", "/admin%2fx", "/admin\\x", "/admin%5cx", "/admin/.", "/admin/x/..", "/admin//", "/admin?a", "/admin%3fa", "/admin%23"];

    [Theory]
    [InlineData("NONE")]
    [InlineData("BASE")]
    [InlineData("MERGE_SLASHES")]
    [InlineData("DECODE_AND_MERGE_SLASHES")]
    public async Task Nothing_gets_past_a_DENY_of_admin(string mode)
    {
        var port = FreePort.Next();
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.PeerAuthentication("STRICT")}"),
            ("gateway.yaml", $"{GatewayYaml.Http(port, "\"*\"")}\n---\n{GatewayYaml.Routes("shop.example.com", "{ route: [ { destination: { host: reviews } } ] }")}"),
            ("policies.yaml", $$"""
                apiVersion: proxylessmesh.io/v1alpha1
                kind: MeshConfig
                metadata: { name: mesh, namespace: istio-system }
                spec: { pathNormalization: { normalization: {{mode}} } }
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: { name: deny }
                spec: { selector: { matchLabels: { istio: ingressgateway } }, action: DENY, rules: [ { to: [ { operation: { paths: [ "/admin", "/admin/*" ] } } ] } ] }
                """));
        await mesh.StartWorkloadAsync("reviews");
        await using var gateway = await EdgeGateway.StartAsync(mesh, credentials: null, port);
        await EdgeGateway.AskAsync(gateway.Outside(port), "http://shop.example.com/open");

        var refused = 0;
        var wrong = new List<string>();
        foreach (var target in s_before.SelectMany(before => s_admin.Select(admin => before + admin)))
        {
            var (status, path) = await AskAsync(port, target);
            refused += status == 403 ? 1 : 0;
            if (path is "/admin" || path?.StartsWith("/admin/", StringComparison.Ordinal) == true)
            {
                wrong.Add($"{target} is {path}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.True(refused >= 40, $"only {refused} were refused");
    }

    /// <summary>The status, and what the service took for the path.</summary>
    private static async Task<(int Status, string? Path)> AskAsync(int port, string target)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: shop.example.com\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        var response = await reader.ReadToEndAsync().WaitAsync(Poll.Patience);
        var status = int.Parse(response.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
        var (start, end) = (response.IndexOf('{', StringComparison.Ordinal), response.LastIndexOf('}'));
        return (status, status == 200 ? JsonDocument.Parse(response[start..(end + 1)]).RootElement.GetProperty("path").GetString() : null);
    }
}
