using System.Net.Sockets;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.RateLimits;

/// <summary><c>mesh ratelimit</c> as users start it, asked by an app of the mesh.</summary>
public sealed class RateLimitCommandTests
{
    private const string Url = "http://reviews:9080/";

    [Fact]
    public async Task The_command_counts_for_a_mesh_and_stops_when_told()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        var (file, port) = (mesh.PathOf("limits.yaml"), FreePort.Next());
        await File.WriteAllTextAsync(file, """
            domain: bookinfo
            descriptors:
            - key: user
              value: alice
              rate_limit: { unit: year, requests_per_unit: 2 }
            """);
        await using var process = MeshProcess.Start("ratelimit", "--config", file, "--address", $"127.0.0.1:{port}");
        await Poll.UntilAsync(() => IsListeningAsync(port), () => $"mesh ratelimit does not listen: {process.Error}");
        mesh.Write("limits.yaml", GlobalLimit.Entry(port));
        mesh.Write("policy.yaml", GlobalLimit.Policy("Closed"));
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();

        (await client.UntilAsync(Url, 200)).Dispose();
        await Poll.UntilAsync(async () => await StatusAsync(client, "alice") == 429, () => "alice is not limited");
        Assert.Equal(200, await StatusAsync(client, "bob"));

        await process.TerminateAsync();
        var (exit, output, error) = await process.EndAsync();
        Assert.Equal((0, $"Rate limits of bookinfo on 127.0.0.1:{port} (plaintext gRPC)\n", ""), (exit, output.ReplaceLineEndings("\n"), error));
        Assert.Equal(500, await StatusAsync(client, "bob"));
    }

    [Fact]
    public async Task A_file_that_is_wrong_is_refused_with_the_place()
    {
        using var folder = new Testing.TemporaryDirectory();
        await File.WriteAllTextAsync(folder.File("limits.yaml"), "domain: a\ndescriptors:\n- key: user\n  rate_limit: { unit: fortnight, requests_per_unit: 2 }\n");

        var (exit, output, error) = await MeshProcess.RunAsync("ratelimit", "--config", folder.File("limits.yaml"), "--address", "127.0.0.1:0");

        Assert.Equal((65, ""), (exit, output));
        Assert.StartsWith("limits.yaml:4:", error, StringComparison.Ordinal);
        Assert.Contains("fortnight", error, StringComparison.Ordinal);
    }

    private static async Task<bool> IsListeningAsync(int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<int> StatusAsync(MeshClient client, string user)
    {
        using var answer = await client.GetAsync(Url, ("x-user", user));
        return (int)answer.StatusCode;
    }
}
