using System.Text.Json.Nodes;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Interop.Tests.Fixture;

namespace ProxylessMesh.Interop.Tests;

/// <summary>A client of C-core tells our control plane the load that it makes (LRS).</summary>
[Collection(PlainMesh.Collection)]
public sealed class LoadReportTests(PlainMesh mesh)
{
    [PythonFact]
    public async Task The_control_plane_shows_what_a_client_of_C_core_sent()
    {
        var target = await mesh.AddHostAsync("reported");
        await mesh.Client.UntilAllAnswerAsync(target, "v1", "v2");
        Assert.All(await mesh.Client.CallManyAsync(30, target), answer => Assert.Null(answer.Status));

        // Twenty at least were sent to hear of both servers.
        var last = 0;
        await Poll.UntilAsync(async () => (last = await SucceededAsync()) >= 50, () => $"only {last} calls are shown");
    }

    private async Task<int> SucceededAsync()
    {
        using var http = new HttpClient();
        var clusters = JsonNode.Parse(await http.GetStringAsync($"http://{mesh.Mesh.Plane.AdminEndPoint}/debug/loadz"))!.AsArray();
        return clusters.FirstOrDefault(c => c!["cluster"]!.GetValue<string>() == "outbound|9080||reported.default.svc.cluster.local")?["succeeded"]!.GetValue<int>() ?? 0;
    }
}
