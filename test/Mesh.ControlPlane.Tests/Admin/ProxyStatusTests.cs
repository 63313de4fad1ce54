using System.CommandLine;
using System.Net;
using ProxylessMesh.ControlPlane.Admin;
using ProxylessMesh.ControlPlane.Commands;
using ProxylessMesh.ControlPlane.Tests.Discovery;
using static ProxylessMesh.ControlPlane.Tests.Discovery.FakeResources;

namespace ProxylessMesh.ControlPlane.Tests.Admin;

/// <summary>From what clients said on their streams to what an operator reads.</summary>
public sealed class ProxyStatusTests : IAsyncDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private AdsTestServer? _server;
    private AdminEndpoint? _admin;

    [Fact]
    public async Task Each_client_has_a_line_and_each_refused_resource_another()
    {
        await StartAsync();
        await using var delta = _server!.ConnectDelta();
        await delta.SendAsync(Cds, ["c1", "c2"], node: AdsTestServer.Node());
        await delta.SendAsync(Cds, nonce: (await delta.ReceiveAsync()).Nonce, error: "CDS \"c2\": no\tsuch\u001b[31m thing");
        await delta.SendAsync(Eds, [], node: null);
        await delta.SendAsync(Rds, ["r1"]);
        await delta.ReceiveAsync();
        await using var sotw = _server.Connect();
        await sotw.SendAsync(Lds, [], node: AdsTestServer.Node(id: "zz"));
        await sotw.AckAsync(await sotw.ReceiveAsync());
        await sotw.SendAsync(Rds, ["r1"]);
        await sotw.ReceiveAsync();

        Assert.Equal(0, await RunAsync("-o", "wide"));

        var lines = _output.ToString().Split('\n');
        Assert.Matches(@"^NAME +CDS +EDS +LDS +RDS +SDS +PROTOCOL +PROFILE +CONNECTED +IDENTITY +NODE$", lines[0]);
        Assert.Matches(@"^reviews-v1\.default +NACK \(2\) +NOT SENT \(0\) +- +STALE \(1\) +- +delta +mesh +\d.*Z +- +sidecar~", lines[1]);
        Assert.Matches(@"^reviews-v1\.default +- +- +SYNCED \(\*\) +STALE \(1\) +- +sotw", lines[2]);
        Assert.Equal("", lines[3]);
        Assert.Matches(@"^NAME +TYPE +RESOURCE +REFUSED BECAUSE$", lines[4]);
        Assert.Matches(@"^reviews-v1\.default +CDS +c2 +CDS ""c2"": no such \[31m thing$", lines[5]);
    }

    [Fact]
    public async Task A_name_chooses_and_json_holds_the_versions()
    {
        await StartAsync();
        await using var client = _server!.ConnectDelta();
        await client.SendAsync(Rds, ["r1"], node: AdsTestServer.Node());
        await client.ReceiveAsync();

        Assert.Equal(0, await RunAsync("reviews-v1.default", "-o", "json"));
        Assert.Contains("\"sent\": \"1\"", _output.ToString(), StringComparison.Ordinal);
        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("nobody", "-o", "json"));
        Assert.Equal("[]", _output.ToString().Trim());
    }

    [Fact]
    public async Task Without_a_control_plane_it_says_so()
    {
        await StartAsync();
        await _admin!.DisposeAsync();

        Assert.Equal(1, await RunAsync());
        Assert.Contains("gives no answer", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _output.ToString());
    }

    [Theory]
    [InlineData("mesh.example.com", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    public async Task A_name_that_somebody_leads_here_is_refused(string host, HttpStatusCode expected)
    {
        await StartAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{_admin!.EndPoint}/debug/syncz") { Headers = { Host = host } };

        using var response = await http.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (_admin is not null)
        {
            await _admin.DisposeAsync();
            await _server!.DisposeAsync();
        }

        await _output.DisposeAsync();
        await _error.DisposeAsync();
    }

    private async Task StartAsync()
    {
        _server = await AdsTestServer.StartAsync();
        _server.Ads.Publish(new FakeResources("1", new() { [(Cds, "c1")] = "C1", [(Cds, "c2")] = "C2", [(Lds, "l1")] = "L1", [(Rds, "r1")] = "R1" }));
        _admin = new AdminEndpoint(new IPEndPoint(IPAddress.Loopback, 0), _server.Ads, null, TimeProvider.System, _server.Logs);
        await _admin.StartAsync(CancellationToken.None);
    }

    private Task<int> RunAsync(params string[] args) => MeshCommand.RunAsync(
        ["proxy-status", "--admin-address", $"{_admin!.EndPoint}", .. args],
        TimeProvider.System,
        new InvocationConfiguration { Output = _output, Error = _error },
        CancellationToken.None);
}
