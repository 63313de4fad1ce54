using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

public sealed class ControlPlaneOutageTests
{
    private const string Url = "http://reviews:9080/";

    private static string Services => $"{Yaml.Service("reviews")}\n---\n{Yaml.Subsets("reviews")}";

    [Fact]
    public async Task Calls_go_on_without_control_plane_and_follow_it_when_it_is_back()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Services), ("routes.yaml", Yaml.Split("reviews", 100, 0)));
        await mesh.StartWorkloadAsync("reviews", "v1");
        await mesh.StartWorkloadAsync("reviews", "v2");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");
        await using var load = new Load(client, Url);

        await mesh.StopControlPlaneAsync();
        await load.MoreAsync(200);
        await mesh.StartControlPlaneAsync();
        mesh.Write("routes.yaml", Yaml.Split("reviews", 0, 100));

        await client.UntilAsync(Url, a => a.Workload == "reviews-v2");
        await load.MoreAsync(100);
        Assert.Empty(load.Failures);
    }

    [Fact]
    public async Task A_client_that_restarts_while_it_is_away_starts_from_its_disk_with_identity_and_configuration()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Services), ("routes.yaml", Yaml.Split("reviews", 0, 100)), ("security.yaml", Yaml.PeerAuthentication("STRICT")));
        await mesh.StartWorkloadAsync("reviews", "v2");
        var state = mesh.PathOf("state");
        await using (var first = await mesh.StartClientAsync(o => o.StateDirectory = state))
        {
            await first.UntilAsync(Url, _ => true);
        }

        await mesh.StopControlPlaneAsync();
        var second = await mesh.StartClientAsync(o => o.StateDirectory = state);

        var answer = await second.AskAsync(Url);
        Assert.Equal(("reviews-v2", "spiffe://cluster.local/ns/default/sa/client"), (answer.Workload, answer.Peer));
    }

    [Fact]
    public async Task A_workload_that_restarts_while_it_is_away_serves_with_its_last_identity_and_registers_when_it_is_back()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Services), ("security.yaml", Yaml.PeerAuthentication("STRICT")));
        var state = mesh.PathOf("state");
        var first = await mesh.StartWorkloadAsync("reviews", configure: o => o.StateDirectory = state);
        await first.StopAsync();
        await mesh.StopControlPlaneAsync();

        await using var second = await WorkloadApp.StartAsync("reviews-again", o =>
        {
            mesh.Join(o, "reviews");
            o.StateDirectory = state;
            o.Workload.Labels["app"] = "reviews";
        });
        await mesh.StartControlPlaneAsync();
        var client = await mesh.StartClientAsync();

        var answer = await client.UntilAsync(Url, _ => true);
        Assert.Equal(("reviews-again", "spiffe://cluster.local/ns/default/sa/client"), (answer.Workload, answer.Peer));
    }

    [Fact]
    public async Task Who_starts_before_the_control_plane_joins_when_it_comes()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Services));
        await mesh.StopControlPlaneAsync();
        await using var workload = await WorkloadApp.StartAsync("reviews-early", o =>
        {
            mesh.Join(o, "reviews");
            o.Workload.Labels["app"] = "reviews";
            o.ConfigurationTimeout = TimeSpan.FromMilliseconds(200);
        });
        var client = await mesh.StartClientAsync(o => o.ConfigurationTimeout = TimeSpan.FromMilliseconds(200));

        await mesh.StartControlPlaneAsync();

        Assert.Equal("spiffe://cluster.local/ns/default/sa/client", (await client.UntilAsync(Url, a => a.Peer is not null)).Peer);
        Assert.Contains(client.Logs.Entries, e => e.Id.Id == 2001 && e.Text.EndsWith("identity: none yet.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_control_plane_on_the_same_address_is_not_believed()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Services), ("routes.yaml", Yaml.Split("reviews", 100, 0)));
        await mesh.StartWorkloadAsync("reviews", "v1");
        await mesh.StartWorkloadAsync("reviews", "v2");
        File.Copy(mesh.RootCertificateFile, mesh.PathOf("trusted.pem"));
        var client = await mesh.StartClientAsync(o => o.RootCertificateFile = mesh.PathOf("trusted.pem"));
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");

        await mesh.StopControlPlaneAsync();
        mesh.ForgetAuthority();
        mesh.Write("routes.yaml", Yaml.Split("reviews", 0, 100));
        await mesh.StartControlPlaneAsync();

        await Poll.UntilAsync(() => client.Logs.Entries.Any(e => e.Id.Id == 1101 && e.Text.Contains("certificate", StringComparison.Ordinal)), "a log that names the certificate");
        Assert.Equal(["reviews-v1"], (await client.CountAsync(Url, 20)).Keys);
    }

    [Fact]
    public async Task Two_processes_that_share_a_state_directory_both_work()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Services));
        await mesh.StartWorkloadAsync("reviews");

        var clients = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => mesh.StartClientAsync(o => o.StateDirectory = mesh.PathOf("state"))));

        foreach (var client in clients)
        {
            Assert.Equal("reviews-v1", (await client.UntilAsync(Url, _ => true)).Workload);
        }
    }
}
