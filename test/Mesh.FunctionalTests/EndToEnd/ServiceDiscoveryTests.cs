using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.Client;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>URIs and the section <c>Services</c> of Microsoft.Extensions.ServiceDiscovery beside the mesh.</summary>
public sealed class ServiceDiscoveryTests
{
    [Fact]
    public async Task The_mesh_answers_for_what_it_knows_and_the_section_for_the_rest()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews");
        var outside = await mesh.StartWorkloadAsync("elsewhere");
        var client = await mesh.StartClientAsync(services: s =>
        {
            s.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Services:elsewhere:http:0"] = outside.EndPoint.ToString(),
                ["Services:reviews:http:0"] = "127.0.0.1:1",
            }).Build());
            s.AddHttpClient("reviews", c => c.BaseAddress = new Uri("https+http://reviews:9080"));
            s.AddHttpClient("elsewhere", c => c.BaseAddress = new Uri("https+http://elsewhere"));
        });

        using var known = client.Named("reviews");
        await Poll.UntilAsync(async () => (await known.GetAsync(new Uri("/a", UriKind.Relative))).IsSuccessStatusCode, () => "no answer");
        using var inMesh = await known.GetAsync(new Uri("/a?b=c", UriKind.Relative));
        var answer = await MeshClient.ReadAsync(inMesh);
        Assert.Equal("reviews-v1", answer.Workload);
        Assert.Equal("/a", answer.Path);
        Assert.NotNull(answer.Peer);
        Assert.NotNull(inMesh.GetMeshOutcome());
        Assert.Equal("https+http", inMesh.RequestMessage!.RequestUri!.Scheme);

        using var unknown = client.Named("elsewhere");
        using var outsideMesh = await unknown.GetAsync(new Uri("/x", UriKind.Relative));
        Assert.Equal("elsewhere-v1", (await MeshClient.ReadAsync(outsideMesh)).Workload);
        Assert.Null(outsideMesh.GetMeshOutcome());
    }
}
