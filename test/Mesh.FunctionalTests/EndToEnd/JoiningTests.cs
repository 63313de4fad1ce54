using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ProxylessMesh.Client;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>The ways into the mesh.</summary>
public sealed class JoiningTests
{
    private const string Url = "http://reviews:9080/";
    private const string Client = "spiffe://cluster.local/ns/default/sa/client";

    [Fact]
    public async Task A_plaintext_control_plane_gives_configuration_and_no_identity()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")), ("routes.yaml", Yaml.Routes("reviews", "{ route: [ { destination: { host: reviews } } ] }")));
        void Plaintext(MeshOptions options) => options.ControlPlane = mesh.Plaintext;
        await mesh.StartWorkloadAsync("reviews", configure: Plaintext);
        var client = await mesh.StartClientAsync(Plaintext);

        using var response = await client.UntilAsync(Url, 200);

        Assert.Null((await MeshClient.ReadAsync(response)).Peer);
        Assert.StartsWith("outbound|9080||reviews", response.GetMeshOutcome()!.Cluster, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_dependency_injection_a_handler_does()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews");
        var options = new MeshOptions { Mode = MeshMode.Required, Dependencies = { "reviews:9080" } };
        mesh.Join(options, "client");

        await using var joined = await ProxylessMesh.Client.Mesh.StartAsync(options);
        using var http = new HttpClient(joined.CreateHandler());
        HttpResponseMessage? response = null;
        await Poll.UntilAsync(async () => (response = await http.GetAsync(new Uri(Url))).IsSuccessStatusCode, () => $"{response?.StatusCode}");

        Assert.Equal(Client, (await MeshClient.ReadAsync(response!)).Peer);
    }

    [Fact]
    public async Task Wrong_settings_are_all_named_at_once()
    {
        var options = new MeshOptions { ControlPlane = new Uri("https://localhost:15012"), PropagateHeaders = { "a b" }, Dependencies = { "not a host" } };
        options.Workload.Namespace = "Default";

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => ProxylessMesh.Client.Mesh.StartAsync(options));

        foreach (var key in (string[])["Mesh:RootCertificateFile", "Mesh:PropagateHeaders", "Mesh:Dependencies", "Mesh:Workload:Namespace"])
        {
            Assert.Contains(failure.Failures, f => f.StartsWith(key, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_console_host_joins_by_its_configuration_alone()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews");
        var given = new MeshOptions();
        mesh.Join(given, "client");
        var builder = Host.CreateApplicationBuilder(
        [
            "--hostBuilder:reloadConfigOnChange=false",
            $"--Mesh:ControlPlane={given.ControlPlane}",
            $"--Mesh:RootCertificateFile={given.RootCertificateFile}",
            $"--Mesh:TokenFile={given.TokenFile}",
            "--Mesh:Workload:ServiceAccount=client",
            "--Mesh:Mode=Required",
        ]);
        builder.AddMesh();
        builder.Services.AddHttpClient("reviews", c => c.BaseAddress = new Uri(Url)).AddMesh();
        using var host = builder.Build();
        await host.StartAsync();

        using var http = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("reviews");
        HttpResponseMessage? response = null;
        await Poll.UntilAsync(async () => (response = await http.GetAsync(new Uri("/", UriKind.Relative))).IsSuccessStatusCode, () => $"{response?.StatusCode}");

        Assert.Equal(Client, (await MeshClient.ReadAsync(response!)).Peer);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_token_of_another_namespace_is_refused_and_the_log_says_why()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));

        await using var client = await MeshClient.StartAsync(o =>
        {
            mesh.Join(o, "client");
            o.Workload.Namespace = "prod";
            o.ConfigurationTimeout = TimeSpan.FromMilliseconds(500);
        });

        await Poll.UntilAsync(() => client.Logs.Entries.Any(e => e.Text.Contains("prod", StringComparison.Ordinal)), "a log of the refusal");
    }
}
