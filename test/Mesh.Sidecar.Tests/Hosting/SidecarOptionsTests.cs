using Microsoft.Extensions.Options;
using ProxylessMesh.Client;
using ProxylessMesh.Sidecar.Hosting;

namespace ProxylessMesh.Sidecar.Tests.Hosting;

public sealed class SidecarOptionsTests
{
    private const string Inbound = "--Sidecar:Inbound:0:Listen=127.0.0.1:0 --Sidecar:Inbound:0:Forward=127.0.0.1:8080";

    [Theory]
    [InlineData("", "Sidecar:Inbound and Sidecar:Outbound:Listen are both missing")]
    [InlineData("--Sidecar:Inbound:0:Forward=127.0.0.1:8080", "Sidecar:Inbound:0:Listen is \"\"")]
    [InlineData("--Sidecar:Inbound:0:Listen=127.0.0.1 --Sidecar:Inbound:0:Forward=127.0.0.1:8080", "Sidecar:Inbound:0:Listen is \"127.0.0.1\"")]
    [InlineData("--Sidecar:Inbound:0:Listen=127.0.0.1:9080 --Sidecar:Inbound:0:Forward=localhost:8080", "Sidecar:Inbound:0:Forward is \"localhost:8080\"")]
    [InlineData("--Sidecar:Inbound:0:Listen=127.0.0.1:9080 --Sidecar:Inbound:0:Forward=127.0.0.1:0", "Sidecar:Inbound:0:Forward is \"127.0.0.1:0\"")]
    [InlineData("--Sidecar:Inbound:0:Listen=0.0.0.0:9080 --Sidecar:Inbound:0:Forward=127.0.0.1:9080", "Sidecar:Inbound:0:Forward is 127.0.0.1:9080, where the sidecar listens itself")]
    [InlineData(Inbound + " --Sidecar:Inbound:0:Protocol=Tcp --Sidecar:Inbound:0:Http2=true", "Sidecar:Inbound:0:Http2 is for the protocol Http")]
    [InlineData(Inbound + " --Sidecar:ProtocolDetectionTimeout=00:01:00", "Sidecar:ProtocolDetectionTimeout is 00:01:00")]
    [InlineData(Inbound + " --Sidecar:TcpIdleTimeout=0", "Sidecar:TcpIdleTimeout is 00:00:00")]
    [InlineData("--Sidecar:Outbound:Listen=0.0.0.0:15001", "which others can reach")]
    [InlineData("--Sidecar:Outbound:Listen=15001", "Sidecar:Outbound:Listen is \"15001\"")]
    public async Task What_is_wrong_is_named_and_nothing_starts(string args, string expected)
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync([.. args.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--Mesh:Mode=Off"]));

        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_control_plane_it_does_not_pretend_to_guard()
    {
        var impossible = await Assert.ThrowsAsync<MeshStartException>(() => StartAsync(Inbound.Split(' ')));

        Assert.Contains("Mesh:ControlPlane", impossible.Message, StringComparison.Ordinal);
    }

    private static async Task StartAsync(string[] args)
    {
        await using var app = SidecarHost.Create([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
        await app.StartAsync();
    }
}
