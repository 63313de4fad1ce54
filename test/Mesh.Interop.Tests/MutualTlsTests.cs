using System.Text.Json.Nodes;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Interop.Tests.Fixture;

namespace ProxylessMesh.Interop.Tests;

/// <summary>C-core with certificates of our agent, among itself and with .NET apps.</summary>
public sealed class MutualTlsTests(SecureMesh mesh) : IClassFixture<SecureMesh>
{
    [PythonFact]
    public async Task Python_calls_Python_as_whom_its_agent_proved_to_be()
    {
        var answer = await mesh.Client.CallAsync("xds:///reviews:9080");

        Assert.Equal("reviews", answer.Name);
        Assert.Equal(SecureMesh.IdOf("productpage"), answer.Caller);
    }

    [PythonFact]
    public async Task A_dotnet_app_calls_Python_as_itself()
    {
        var (status, message) = await BytesGrpc.CallAsync(mesh.DotNet.Http, "reviews:9080", "Unary", "from .NET");

        Assert.Equal("0", status);
        var answer = JsonNode.Parse(message)!;
        Assert.Equal("reviews", (string?)answer["name"]);
        Assert.Equal("from .NET", (string?)answer["message"]);
        Assert.Equal(SecureMesh.IdOf("client"), (string?)answer["peer"]!.AsArray().Single());
    }

    [PythonFact]
    public async Task Python_calls_a_dotnet_app_as_itself()
    {
        var answer = await mesh.Client.CallAsync("xds:///ratings:9080", message: "from Python");

        Assert.Equal(("ratings", "from Python"), (answer.Name, answer.Message));
        Assert.Equal(SecureMesh.IdOf("productpage"), answer.Caller);
    }

    [PythonFact]
    public async Task A_Python_server_enforces_AuthorizationPolicies()
    {
        Assert.Equal("PERMISSION_DENIED", (await mesh.Client.CallAsync("xds:///reviews:9080", "Admin")).Status);

        Assert.Equal("0", (await BytesGrpc.CallAsync(mesh.DotNet.Http, "reviews:9080", "Admin", "")).Status);
    }

    [PythonFact]
    public async Task A_Python_caller_refuses_a_server_that_is_somebody_else()
    {
        var answer = await mesh.Client.CallAsync("xds:///impostor:9080");

        Assert.Equal("UNAVAILABLE", answer.Status);
    }

    [PythonFact]
    public async Task A_Python_server_refuses_plaintext()
    {
        var answer = await mesh.Client.CallAsync($"ipv4:127.0.0.1:{mesh.ReviewsPort}");

        Assert.Equal("UNAVAILABLE", answer.Status);
    }

    [PythonFact]
    public async Task Apps_behind_agents_go_on_without_a_control_plane_and_follow_the_next_one()
    {
        Assert.Equal("reviews", (await mesh.Client.CallAsync("xds:///reviews:9080", "Later")).Name);

        await mesh.Mesh.StopControlPlaneAsync();
        Assert.Equal("reviews", (await mesh.Client.CallAsync("xds:///reviews:9080", "Later")).Name);

        mesh.Mesh.Write("later.yaml", """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: later }
            spec:
              selector: { matchLabels: { app: reviews } }
              action: DENY
              rules: [ { to: [ { operation: { paths: [ /test.Greeter/Later ] } } ] } ]
            """);
        await mesh.Mesh.StartControlPlaneAsync();
        await Poll.UntilAsync(async () => (await mesh.Client.CallAsync("xds:///reviews:9080", "Later")).Status == "PERMISSION_DENIED", () => "the new policy is not enforced");
        await mesh.RegisteredAsync(mesh.ReviewsPort);
    }

    [PythonFact]
    public async Task An_agent_takes_its_app_out_of_the_mesh_and_tells_it_to_stop()
    {
        var port = FreePort.Next();
        await using var server = mesh.StartServer("leaver", port);
        Assert.Contains("serving", await server.ReadAsync(), StringComparison.Ordinal);
        await mesh.RegisteredAsync(port);
        Assert.Equal("leaver", (await mesh.Client.CallAsync("xds:///leaver:9080")).Name);

        await server.TerminateAsync();

        Assert.Contains("\"signal\": 15", await server.ReadAsync(), StringComparison.Ordinal);
        await Poll.UntilAsync(() => !mesh.IsRegistered(port), $"port {port} is still registered");
        Assert.Equal(0, await server.EndAsync());
    }
}
