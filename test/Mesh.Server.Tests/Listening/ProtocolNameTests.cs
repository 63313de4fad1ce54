using ProxylessMesh.Server.Tests.Fixture;

namespace ProxylessMesh.Server.Tests.Listening;

/// <summary>Clients of a port as Istio's sidecars, foreign clients and our own name what they speak (ALPN).</summary>
public sealed class ProtocolNameTests
{
    private static readonly byte[] Http2Request = Fixture.Http2Request.Get("/whoami", "http");

    [Theory]
    [InlineData("http/1.1", "istio-http/1.1", "istio", "http/1.1")]
    [InlineData("istio-http/1.1", "istio-http/1.1", "istio")]
    [InlineData("istio-http/1.0", "istio-http/1.0", "istio")]
    [InlineData("istio", "istio-peer-exchange", "istio")]
    [InlineData("http/1.1", "http/1.1")]
    [InlineData("")]
    public async Task Http1(string negotiated, params string[] offered)
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);
        using var caller = await SecureConnection.OpenAsync(app, mesh.Authority.IssueFor("productpage"), alpn: offered);

        Assert.Equal(negotiated, caller.Stream.NegotiatedApplicationProtocol.ToString());
        Assert.Contains("productpage HTTP/1.1 http", await caller.AskAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("h2", "istio-h2", "istio", "h2")]
    [InlineData("h2", "http/1.1", "h2")]
    [InlineData("istio-h2", "istio-h2", "istio")]
    [InlineData("istio", "istio")]
    [InlineData("istio", "istio-peer-exchange", "istio")]
    [InlineData("")]
    public async Task Http2(string negotiated, params string[] offered)
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);
        using var caller = await SecureConnection.OpenAsync(app, mesh.Authority.IssueFor("productpage"), alpn: offered);

        Assert.Equal(negotiated, caller.Stream.NegotiatedApplicationProtocol.ToString());
        await caller.Stream.WriteAsync(Http2Request);
        Assert.Contains("productpage HTTP/2 http", await caller.ReadUntilAsync("productpage HTTP/2 http"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_of_something_else_is_refused()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var caller = await SecureConnection.OpenAsync(app, mesh.Authority.IssueFor("productpage"), alpn: ["smtp"]);
            await caller.AskAsync();
        });
    }
}
