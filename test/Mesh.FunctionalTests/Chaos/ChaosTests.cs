using ProxylessMesh.Client;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Chaos;

/// <summary>The real command against a real control plane, whose clients meet the faults.</summary>
public sealed class ChaosTests
{
    private const string Url = "http://reviews:9080/";

    private static readonly string[] s_faults = ["--abort", "418", "--percentage", "100", "--max-percentage", "100"];

    [Fact]
    public async Task A_fault_ends_with_the_command_that_made_it()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, 200);
        await using var chaos = MeshProcess.Start(["chaos", "--config", mesh.PathOf("config"), "--duration", "1h", .. s_faults]);

        using (var response = await client.UntilAsync(Url, 418))
        {
            Assert.Equal(ResponseFlags.FaultInjected, response.GetMeshOutcome()!.Flags);
        }

        await chaos.TerminateAsync();
        var (exit, output, _) = await chaos.EndAsync();

        Assert.Equal(0, exit);
        Assert.Contains("reviews.default.svc.cluster.local  interrupted  100 % of requests aborted with HTTP 418", output, StringComparison.Ordinal);
        await client.UntilAsync(Url, 200);
        Assert.Equal(["services.yaml"], Directory.GetFiles(mesh.PathOf("config")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_fault_ends_when_its_command_is_killed_and_cleans_nothing_up()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, 200);
        await using var chaos = MeshProcess.Start(["chaos", "--config", mesh.PathOf("config"), "--duration", "4s", "--every", "1h", .. s_faults]);
        await client.UntilAsync(Url, 418);

        await chaos.KillAsync();

        await client.UntilAsync(Url, 200);
        Assert.Single(mesh.Plane.Config.Objects.OfType<ChaosExperiment>());
        Assert.Contains(mesh.Logs.Entries, e => e.Id.Id == 4501 && e.Text.EndsWith("its time is over.", StringComparison.Ordinal));
    }
}
