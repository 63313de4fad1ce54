using System.Net;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

public sealed class PeerAuthenticationTests
{
    private const string Url = "http://reviews:9080/";

    [Fact]
    public async Task PERMISSIVE_takes_plaintext_STRICT_refuses_it_and_an_edit_flips_it_while_mesh_calls_go_on()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")), ("security.yaml", Yaml.PeerAuthentication("PERMISSIVE")));
        var workload = await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        await using var load = new Load(client, Url);

        await ExpectPlaintextAsync(workload, accepted: true);
        mesh.Write("security.yaml", Yaml.PeerAuthentication("STRICT"));
        await ExpectPlaintextAsync(workload, accepted: false);
        mesh.Write("security.yaml", Yaml.PeerAuthentication("PERMISSIVE"));
        await ExpectPlaintextAsync(workload, accepted: true);

        await load.MoreAsync(50);
        Assert.Empty(load.Failures);
        Assert.Contains(workload.Logs.Entries, e => e.Text.Contains("STRICT", StringComparison.Ordinal) && e.Text.Contains("plaintext", StringComparison.Ordinal));
    }

    [Fact]
    public async Task STRICT_also_ends_plaintext_connections_that_are_open()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")), ("security.yaml", Yaml.PeerAuthentication("PERMISSIVE")));
        var workload = await mesh.StartWorkloadAsync("reviews");
        using var kept = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await kept.GetAsync(new Uri($"http://{workload.EndPoint}/"))).StatusCode);

        mesh.Write("security.yaml", Yaml.PeerAuthentication("STRICT"));

        await Poll.UntilAsync(async () => !await IsAcceptedAsync(kept, workload), () => "the kept connection still serves");
    }

    private static Task ExpectPlaintextAsync(WorkloadApp workload, bool accepted) => Poll.UntilAsync(
        async () =>
        {
            using var curl = new HttpClient();
            return await IsAcceptedAsync(curl, workload) == accepted;
        },
        () => $"plaintext is {(accepted ? "refused" : "accepted")}");

    private static async Task<bool> IsAcceptedAsync(HttpClient plain, WorkloadApp workload)
    {
        try
        {
            using var response = await plain.GetAsync(new Uri($"http://{workload.EndPoint}/"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
