using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Sidecar;

/// <summary>The command <c>mesh-sidecar</c>, as a supervisor runs it.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task SIGTERM_lets_a_request_in_service_end()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var mesh = await MeshEnvironment.StartAsync(("legacy.yaml", Yaml.Service("legacy")), ("mtls.yaml", Yaml.PeerAuthentication("STRICT")));
        await using var app = await ForeignApp.StartAsync(map => map.Map("/slow", async (HttpContext context) =>
        {
            begun.TrySetResult();
            await finish.Task;
            await context.Response.WriteAsync("done");
        }));
        var port = FreePort.Next();
        await using var sidecar = MeshProcess.StartSidecar(
            $"--Mesh:ControlPlane={mesh.Secure}",
            $"--Mesh:RootCertificateFile={mesh.RootCertificateFile}",
            $"--Mesh:TokenFile={mesh.TokenFile("default", "legacy")}",
            "--Mesh:Workload:Name=legacy-1",
            "--Mesh:Workload:ServiceAccount=legacy",
            "--Mesh:Workload:Labels:app=legacy",
            "--Mesh:DrainDelay=00:00:01",
            $"--Sidecar:Inbound:0:Listen={new IPEndPoint(IPAddress.Loopback, port)}",
            $"--Sidecar:Inbound:0:Forward={app.EndPoint}");
        await Poll.UntilAsync(() => mesh.Plane.Registry.Current.Any(w => w.Ports.Any(p => p.Value == port)), "the sidecar has not registered");
        await mesh.SettledAsync();
        var client = await mesh.StartClientAsync();

        var asking = client.GetAsync("http://legacy:9080/slow");
        await begun.Task.WaitAsync(Poll.Patience);
        await sidecar.TerminateAsync();
        await Poll.UntilAsync(() => !mesh.Plane.Registry.Current.Any(w => w.Ports.Any(p => p.Value == port)), "the sidecar has not left the mesh");
        finish.SetResult();

        using var response = await asking;
        Assert.Equal("done", await response.Content.ReadAsStringAsync());
        Assert.Equal(0, (await sidecar.EndAsync()).Exit);
    }

    [Theory]
    [InlineData(64, "Sidecar:Inbound:0:Listen is \"9080\"", "--Sidecar:Inbound:0:Listen=9080", "--Sidecar:Inbound:0:Forward=127.0.0.1:8080")]
    [InlineData(1, "A sidecar needs a control plane", "--Sidecar:Inbound:0:Listen=127.0.0.1:0", "--Sidecar:Inbound:0:Forward=127.0.0.1:8080")]
    public async Task What_keeps_it_from_starting_is_said_in_a_line(int exit, string said, params string[] args)
    {
        await using var sidecar = MeshProcess.StartSidecar(args);

        var end = await sidecar.EndAsync();

        Assert.Equal(exit, end.Exit);
        Assert.StartsWith(said, end.Error, StringComparison.Ordinal);
    }
}
