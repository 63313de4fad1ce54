using ProxylessMesh.Client;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Attacks;

/// <summary>What a workload says of itself against what it can prove, at a real control plane.</summary>
public sealed class MetadataTests
{
    private const string Url = "http://reviews:9080/";

    [Theory]
    [InlineData("default", "reviews")]
    [InlineData("other", "client")]
    [InlineData("istio-system", "client")]
    public async Task Nobody_gets_the_configuration_or_the_place_of_another(string ns, string account)
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await using var app = await WorkloadApp.StartAsync("impostor", options =>
        {
            mesh.Join(options, "client");
            Claim(options, ns, account);
        });

        await Poll.UntilAsync(() => app.Logs.Entries.Any(e => e.Text.Contains("PermissionDenied", StringComparison.OrdinalIgnoreCase) || e.Text.Contains("not ", StringComparison.Ordinal)), "nobody said no");

        Assert.Empty(mesh.Plane.Registry.Current);
        Assert.Empty(mesh.Plane.Ads.Clients);
    }

    [Fact]
    public async Task Labels_of_another_namespaces_service_make_no_endpoint_of_it()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews");
        await mesh.StartWorkloadAsync("evil", configure: options => options.Workload.Labels["app"] = "reviews", ns: "other");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);

        Assert.Equal(["reviews-v1"], (await client.CountAsync(Url, 20)).Keys);
    }

    [Fact]
    public async Task A_service_that_names_its_accounts_is_served_by_no_other()
    {
        var service = Yaml.Service("reviews").Replace(
            "namespace: default }", "namespace: default, annotations: { alpha.istio.io/kubernetes-serviceaccounts: \"reviews, reviews-next\" } }", StringComparison.Ordinal);
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", service));
        await mesh.StartWorkloadAsync("reviews");
        await mesh.StartWorkloadAsync("evil", configure: options => options.Workload.Labels["app"] = "reviews");
        await mesh.StartWorkloadAsync("reviews-next", configure: options => options.Workload.Labels["app"] = "reviews");
        var client = await mesh.StartClientAsync();
        await client.UntilAllAnswerAsync(Url, "reviews-v1", "reviews-next-v1");

        Assert.DoesNotContain("evil-v1", (await client.CountAsync(Url, 40)).Keys);

        // Without the annotation the namespace is the boundary, as in a cluster.
        mesh.Write("services.yaml", Yaml.Service("reviews"));
        await client.UntilAllAnswerAsync(Url, "reviews-v1", "reviews-next-v1", "evil-v1");
    }

    private static void Claim(MeshOptions options, string ns, string account)
    {
        options.ConfigurationTimeout = TimeSpan.FromMilliseconds(500);
        options.Workload.Namespace = ns;
        options.Workload.ServiceAccount = account;
        options.Workload.Labels["app"] = "reviews";
    }
}
