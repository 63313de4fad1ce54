using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.Client;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>What is not the mesh's business stays as HttpClient has it.</summary>
public sealed class PassThroughTests
{
    private const string Url = "http://reviews:9080/";

    [Fact]
    public async Task An_unknown_host_fails_with_HttpClients_own_exception()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        var client = await mesh.StartClientAsync();

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("http://nobody.invalid:9080/"));

        Assert.Equal(HttpRequestError.NameResolutionError, failure.HttpRequestError);
        Assert.IsType<SocketException>(failure.InnerException);
    }

    [Fact]
    public async Task A_host_that_the_mesh_does_not_know_is_called_as_ever()
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        var workload = await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();

        using var response = await client.GetAsync($"http://{workload.EndPoint}/");

        Assert.Null((await MeshClient.ReadAsync(response)).Peer);
        Assert.Null(response.GetMeshOutcome());
    }

    [Fact]
    public async Task A_client_without_mesh_stays_out()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync(services: s => s.AddHttpClient("outside").WithoutMesh());
        await client.UntilAsync(Url, _ => true);

        using var outside = client.Named("outside");
        await Assert.ThrowsAsync<HttpRequestException>(() => outside.GetAsync(new Uri(Url)));
    }

    [Fact]
    public async Task Where_clients_opt_in_only_those_that_did_are_in()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync(o => o.AllClients = false, s => s.AddHttpClient("inside", c => c.BaseAddress = new Uri(Url)).AddMesh());

        using var inside = client.Named("inside");
        await Poll.UntilAsync(async () => (await inside.GetAsync(new Uri("/", UriKind.Relative))).IsSuccessStatusCode, () => "no answer");
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(Url));
    }

    [Theory]
    [InlineData(MeshMode.Auto, false)]
    [InlineData(MeshMode.Off, true)]
    public async Task Without_control_plane_or_switched_off_the_app_runs_as_before(MeshMode mode, bool configured)
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        void Configure(MeshOptions options)
        {
            options.Mode = mode;
            options.ControlPlane = configured ? mesh.Secure : null;
        }

        await using var workload = await WorkloadApp.StartAsync("plain", Configure);
        await using var client = await MeshClient.StartAsync(o =>
        {
            mesh.Join(o, "client");
            Configure(o);
        });

        Assert.Null((await client.AskAsync($"http://{workload.EndPoint}/")).Peer);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(Url));
        Assert.Equal(mode == MeshMode.Auto, client.Logs.Entries.Any(e => e.Id.Id == 2000));
    }

    [Fact]
    public async Task Required_without_control_plane_fails_at_start_and_says_what_to_set()
    {
        var failure = await Assert.ThrowsAsync<MeshStartException>(() => MeshClient.StartAsync(o => o.Mode = MeshMode.Required));

        Assert.Contains("Mesh:ControlPlane", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Required_with_a_control_plane_that_is_away_or_refuses_fails_at_start_with_the_reason()
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        var forged = mesh.PathOf("forged.token");
        await File.WriteAllTextAsync(forged, "forged.token");

        var refused = await Assert.ThrowsAsync<MeshStartException>(() => Start(o => o.TokenFile = forged));
        await mesh.StopControlPlaneAsync();
        var away = await Assert.ThrowsAsync<MeshStartException>(() => Start(_ => { }));

        Assert.Matches($"No certificate from {mesh.Secure.GetLeftPart(UriPartial.Authority)}.*token", refused.Message);
        Assert.Matches($"No certificate from {mesh.Secure.GetLeftPart(UriPartial.Authority)}.*refused", away.Message);

        Task<MeshClient> Start(Action<MeshOptions> configure) => MeshClient.StartAsync(o =>
        {
            mesh.Join(o, "client");
            o.Mode = MeshMode.Required;
            o.ConfigurationTimeout = TimeSpan.FromSeconds(1);
            configure(o);
        });
    }
}
