using ProxylessMesh.Interop.Tests.Fixture;

namespace ProxylessMesh.Interop.Tests;

/// <summary>What changes while a client of C-core is running.</summary>
[Collection(PlainMesh.Collection)]
public sealed class ControlPlaneChangesTests(PlainMesh mesh)
{
    [PythonFact]
    public async Task Endpoints_go_and_come_back()
    {
        var target = await mesh.AddHostAsync("changing");
        await mesh.Client.UntilAllAnswerAsync(target, "v1", "v2");

        await mesh.ApplyAsync("v2.yaml", "# nobody");
        await mesh.Client.UntilAllAnswerAsync(target, "v1");

        await mesh.ApplyAsync("v2.yaml", mesh.Entry("v2"));
        await mesh.Client.UntilAllAnswerAsync(target, "v1", "v2");
    }

    [PythonFact]
    public async Task Calls_go_on_without_a_control_plane_and_follow_the_next_one()
    {
        var target = await mesh.AddHostAsync("lasting", http: "{ route: [ { destination: { host: lasting, subset: v1 } } ] }");
        await mesh.Client.UntilAllAnswerAsync(target, "v1");

        await mesh.Mesh.StopControlPlaneAsync();
        Assert.All(await mesh.Client.CallManyAsync(20, target), answer => Assert.Equal("v1", answer.Name));

        mesh.Mesh.Write("lasting.yaml", (await File.ReadAllTextAsync(mesh.Mesh.ConfigFile("lasting.yaml"))).Replace("subset: v1", "subset: v2", StringComparison.Ordinal));
        await mesh.Mesh.StartControlPlaneAsync();
        await mesh.Client.UntilAllAnswerAsync(target, "v2");
    }
}
