using System.Globalization;
using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.FunctionalTests.Agent;

/// <summary><c>mesh agent</c> around programs of the shell; what gRPC makes of it is tested in Mesh.Interop.Tests.</summary>
public sealed class AgentTests
{
    [Fact]
    public async Task The_app_has_certificates_and_a_bootstrap_and_its_exit_code_is_the_agents()
    {
        await using var mesh = await MeshEnvironment.StartAsync();

        var (exit, output, error) = await MeshProcess.RunAsync([.. Agent(mesh), "--", "sh", "-c", "cat $GRPC_XDS_BOOTSTRAP; ls $MESH_CERTIFICATES; exit 7"]);

        Assert.Equal(("", 7), (error, exit));
        Assert.Contains("\"server_uri\": \"unix:///", output, StringComparison.Ordinal);
        Assert.Contains("\"plugin_name\": \"file_watcher\"", output, StringComparison.Ordinal);
        Assert.EndsWith("cert-chain.pem\nkey.pem\nroot-cert.pem\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_workload_is_registered_while_its_check_succeeds(bool secure)
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        await using var app = await WorkloadApp.StartAsync("outsider", options => options.Mode = ProxylessMesh.Client.MeshMode.Off);
        var port = app.EndPoint.Port;
        var file = mesh.PathOf("agent.yaml");
        await File.WriteAllTextAsync(file, "health: { interval: 50ms }");
        await using var agent = MeshProcess.Start(
            [.. Agent(mesh, secure ? mesh.Secure : mesh.Plaintext), "--config", file, "--label", "app=reviews", "--port", $"http={port.ToString(CultureInfo.InvariantCulture)}", "--health", $"http://:{port.ToString(CultureInfo.InvariantCulture)}/"]);

        await Poll.UntilAsync(() => mesh.IsRegistered(app), $"not registered: {agent.Error}");
        var registered = Assert.Single(mesh.Plane.Registry.Current);
        Assert.Equal(("reviews", secure, false), (registered.ServiceAccount, registered.Authenticated, registered.AcceptsMutualTls));

        await app.StopAsync();
        await Poll.UntilAsync(() => mesh.Plane.Registry.Current.IsEmpty, $"still registered: {agent.Error}");
    }

    [Fact]
    public async Task Signals_reach_the_app()
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        var sign = mesh.PathOf("ready");

        // The app sends its parent, the agent, what should come back to it.
        await using var agent = MeshProcess.Start(
            [.. Agent(mesh), "--", "sh", "-c", $"trap 'exit 42' TERM; trap 'echo > {sign}' HUP; kill -HUP $PPID; while :; do sleep 0.05; done"]);
        await Poll.UntilAsync(() => File.Exists(sign), $"SIGHUP has not come: {agent.Error}");

        await agent.TerminateAsync();

        Assert.Equal(42, (await agent.EndAsync()).Exit);
    }

    [Fact]
    public async Task An_app_that_does_not_stop_is_killed()
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        var sign = mesh.PathOf("ready");
        await using var agent = MeshProcess.Start(
            [.. Agent(mesh), "--stop-timeout", "50ms", "--", "sh", "-c", $"trap '' TERM; echo > {sign}; while :; do sleep 0.05; done"]);
        await Poll.UntilAsync(() => File.Exists(sign), $"the app has not begun: {agent.Error}");

        await agent.TerminateAsync();

        Assert.Equal(128 + 9, (await agent.EndAsync()).Exit);
    }

    [Fact]
    public async Task A_restart_without_control_plane_has_the_saved_certificate()
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        Assert.Equal(0, (await MeshProcess.RunAsync([.. Agent(mesh), "--", "true"])).Exit);
        await mesh.StopControlPlaneAsync();

        var (exit, output, _) = await MeshProcess.RunAsync([.. Agent(mesh), "--", "sh", "-c", "cat $MESH_CERTIFICATES/cert-chain.pem"]);

        Assert.Equal(0, exit);
        Assert.Contains("BEGIN CERTIFICATE", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_the_app_says_of_itself_it_is_the_agents_workload()
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        await using var agent = MeshProcess.Start(Agent(mesh));
        await Poll.UntilAsync(() => File.Exists(mesh.PathOf("agent/bootstrap.json")), $"the agent is not ready: {agent.Error}");
        using var channel = new GrpcChannel(new Uri($"unix://{mesh.PathOf("agent/xds.sock")}"), new GrpcChannelSettings(), null, TimeProvider.System);
        await using var stream = channel.Duplex(WellKnownMethods.StreamAggregatedResources, GrpcCallOptions.None);
        var claim = new Struct { Fields = { ["NAMESPACE"] = Value.ForString("other"), ["SERVICE_ACCOUNT"] = Value.ForString("root"), ["POD_PORTS"] = Value.ForString("""[{"containerPort":1}]""") } };

        await stream.WriteAsync(
            new DiscoveryRequest { Node = new Node { Id = "sidecar~192.0.2.1~a.other~other.svc.cluster.local", Metadata = claim, UserAgentName = "a library" }, TypeUrl = ResourceKinds.Listener.TypeUrl, ResourceNames = { "a:80" } },
            CancellationToken.None);
        await stream.ReadAsync(CancellationToken.None);

        Assert.All(mesh.Plane.Ads.Clients, c => Assert.Equal(("default", "reviews", "reviews-v1"), (c.View.Namespace, c.View.ServiceAccount, c.View.WorkloadName)));
        Assert.Contains(mesh.Plane.Ads.Clients, c => c.Types.Any(t => t.TypeUrl == ResourceKinds.Listener.TypeUrl));
        Assert.Empty(mesh.Plane.Registry.Current);
    }

    [Fact]
    public async Task A_folder_is_for_one_agent()
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        var sign = mesh.PathOf("ready");
        await using var first = MeshProcess.Start([.. Agent(mesh), "--", "sh", "-c", $"echo > {sign}; exec sleep 60"]);
        await Poll.UntilAsync(() => File.Exists(sign), $"the app has not begun: {first.Error}");

        var (exit, _, error) = await MeshProcess.RunAsync([.. Agent(mesh), "--", "true"]);

        Assert.Equal(1, exit);
        Assert.Contains("another agent may hold it", error, StringComparison.Ordinal);
        await first.TerminateAsync();
        await first.EndAsync();
    }

    [Theory]
    [InlineData(64, "--state is missing", "--token", "TOKEN", "--", "true")]
    [InlineData(64, "the file nowhere.pem does not exist", "--state", "STATE", "--root-cert", "nowhere.pem", "--", "true")]
    [InlineData(64, "needs certificates", "--state", "STATE", "--control-plane", "http://127.0.0.1:1", "--mutual-tls", "--", "true")]
    [InlineData(64, "--port grpc cannot be read", "--state", "STATE", "--port", "grpc", "--", "true")]
    [InlineData(64, "--health 80 cannot be read", "--state", "STATE", "--health", "80", "--", "true")]
    [InlineData(1, "no-such-program cannot be run", "--state", "STATE", "--control-plane", "http://127.0.0.1:1", "--", "no-such-program")]
    public async Task A_mistake_is_said_in_one_sentence(int exit, string text, params string[] args)
    {
        using var folder = new ProxylessMesh.Testing.TemporaryDirectory();
        File.WriteAllText(folder.File("TOKEN"), "t");

        var result = await MeshProcess.RunAsync(["agent", .. args.Select(a => a is "STATE" or "TOKEN" ? folder.File(a) : a)]);

        Assert.Equal(exit, result.Exit);
        Assert.Contains(text, result.Error, StringComparison.Ordinal);
    }

    private static string[] Agent(MeshEnvironment mesh, Uri? plane = null) =>
    [
        "agent", "--control-plane", (plane ?? mesh.Secure).ToString(), "--root-cert", mesh.RootCertificateFile, "--token", mesh.TokenFile("default", "reviews"),
        "--state", mesh.PathOf("agent"), "--name", "reviews-v1", "--service-account", "reviews", "--drain", "0s",
    ];
}
