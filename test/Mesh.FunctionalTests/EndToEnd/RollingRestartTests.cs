using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>A deployment replaces one instance after the other while callers call; nothing is tried twice.</summary>
public sealed class RollingRestartTests
{
    private const string Url = "http://reviews:9080/";

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_rolling_restart_fails_no_call_even_without_retries(string version)
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("reviews")),
            ("routes.yaml", Yaml.Routes("reviews", "{ route: [ { destination: { host: reviews } } ], retries: { attempts: 0 } }")));
        var old = new Queue<WorkloadApp>([await StartAsync(mesh), await StartAsync(mesh)]);
        var client = await mesh.StartClientAsync();
        client.Version = Version.Parse(version);
        await client.UntilAsync(Url, _ => true);
        await using var load = new Load(client, Url);

        for (var restart = 0; restart < 2; restart++)
        {
            await load.MoreAsync(50);
            await StartAsync(mesh);
            await old.Dequeue().StopAsync();
        }

        await load.MoreAsync(50);
        Assert.True(load.Failures.Count == 0, string.Join(Environment.NewLine, load.Failures));
    }

    private static Task<WorkloadApp> StartAsync(MeshEnvironment mesh) =>
        mesh.StartWorkloadAsync("reviews", configure: o => o.DrainDelay = TimeSpan.FromSeconds(2));
}
