using System.CommandLine;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;
using ProxylessMesh.ControlPlane.Commands;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>What a service account may claim, and how the mesh is done with one.</summary>
public sealed class ServiceAccountTests
{
    private const string Url = "http://reviews:9080/";
    private const int NotAdmitted = 4332;

    [Fact]
    public async Task A_bound_account_gets_into_no_other_service()
    {
        await using var mesh = await MeshEnvironment.StartAsync(Fast, ("services.yaml", Yaml.Service("reviews")));
        new WorkloadBindings(new DataDirectory(mesh.DataDirectory)).Bind("default/thief", Binding("ratings"));
        new WorkloadBindings(new DataDirectory(mesh.DataDirectory)).Bind("default/reviews", Binding("reviews"));
        var reviews = await mesh.StartWorkloadAsync("reviews");

        // By its token at first, and by its certificate once it has one: both are refused, and it never becomes an endpoint.
        await using var thief = await WorkloadApp.StartAsync("reviews-v9", options =>
        {
            mesh.Join(options, "thief");
            options.Workload.Name = "reviews-v9";
            options.Workload.Labels["app"] = "reviews";
        });
        await Poll.UntilAsync(() => mesh.Logs.Entries.Count(e => e.Id.Id == NotAdmitted) > 1, "the thief was not refused again");
        Assert.False(mesh.IsRegistered(thief));
        Assert.True(mesh.IsRegistered(reviews));
        Assert.Contains("may not claim label app=reviews, but only ratings", mesh.Logs.Entries.First(e => e.Id.Id == NotAdmitted).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_account_is_out_everywhere()
    {
        await using var mesh = await MeshEnvironment.StartAsync(Fast, ("services.yaml", Yaml.Service("reviews")));
        var reviews = await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        using (await client.UntilAsync(Url, 200))
        {
        }

        using var output = new StringWriter();
        var code = await MeshCommand.RunAsync(
            ["certs", "revoke", "--service-account", "default/reviews", "--data", mesh.DataDirectory],
            TimeProvider.System,
            new InvocationConfiguration { Output = output, Error = output },
            CancellationToken.None);
        Assert.Equal((0, true), (code, output.ToString().Contains("and 1 of its certificates", StringComparison.Ordinal)));

        await Poll.UntilAsync(() => !mesh.IsRegistered(reviews), "the revoked workload is still an endpoint");
        using var gone = await client.UntilAsync(Url, 503);
    }

    private static WorkloadBinding Binding(string app) => new(new Dictionary<string, IReadOnlyList<string>> { ["app"] = [app], ["version"] = ["*"] }, []);

    private static ProxylessMesh.ControlPlane.Serving.ControlPlaneOptions Fast(ProxylessMesh.ControlPlane.Serving.ControlPlaneOptions options) =>
        options with { CertificatesReloadInterval = TimeSpan.FromMilliseconds(100) };
}
