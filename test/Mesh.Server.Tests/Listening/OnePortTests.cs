using System.Net;
using ProxylessMesh.Server.Tests.Fixture;

namespace ProxylessMesh.Server.Tests.Listening;

public sealed class OnePortTests
{
    public static TheoryData<string> Versions => new("1.1", "2.0");

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Permissive_serves_plaintext(string version)
    {
        await using var app = await MeshApp.StartAsync(new ScriptedMesh());
        using var client = Callers.Plaintext(app, new Version(version));

        Assert.Equal($"plaintext {Protocol(version)} http", await client.GetStringAsync("/whoami"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Permissive_serves_mutual_tls_on_the_same_port_and_names_the_peer(string version)
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);
        using var client = Callers.Secure(app, new Version(version), mesh.Authority.IssueFor("productpage"));

        Assert.Equal($"spiffe://cluster.local/ns/default/sa/productpage {Protocol(version)} http", await client.GetStringAsync("/whoami"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Strict_refuses_plaintext_and_says_so(string version)
    {
        await using var app = await MeshApp.StartAsync(new ScriptedMesh(Listeners.Strict));
        using var client = Callers.Plaintext(app, new Version(version));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/whoami"));
        var line = Assert.Single(app.Logs.Entries, e => e.Id.Id == 3001).Text;
        Assert.Contains($"Port {app.EndPoint.Port}: closed a connection of 127.0.0.1:", line, StringComparison.Ordinal);
        Assert.Contains("plaintext", line, StringComparison.Ordinal);
        Assert.Contains("STRICT", line, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Strict_serves_mutual_tls(string version)
    {
        var mesh = new ScriptedMesh(Listeners.Strict);
        await using var app = await MeshApp.StartAsync(mesh);
        using var client = Callers.Secure(app, new Version(version), mesh.Authority.IssueFor("productpage"));

        Assert.StartsWith("spiffe://cluster.local/ns/default/sa/productpage", await client.GetStringAsync("/whoami"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disable_refuses_tls_and_serves_plaintext()
    {
        var mesh = new ScriptedMesh(Listeners.Disable);
        await using var app = await MeshApp.StartAsync(mesh);
        using var plaintext = Callers.Plaintext(app, HttpVersion.Version11);
        using var secure = Callers.Secure(app, HttpVersion.Version11, mesh.Authority.IssueFor("productpage"));

        Assert.StartsWith("plaintext", await plaintext.GetStringAsync("/whoami"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => secure.GetStringAsync("/whoami"));
    }

    private static string Protocol(string version) => version == "2.0" ? "HTTP/2" : "HTTP/1.1";
}
