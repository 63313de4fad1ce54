using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.JsonWebKeys;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.ControlPlane.Tests.JsonWebKeys;

/// <summary>Servers that mean no good.</summary>
public sealed class KeySetFetcherTests : IAsyncLifetime, IDisposable
{
    private readonly WebApplication _server;
    private readonly TestIssuer _issuer = new();
    private readonly KeySetFetcher _fetcher = new(new KeySetLimits());
    private int _followed;

    public KeySetFetcherTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.MapGet("/keys", () => _issuer.KeySet);
        _server.MapGet("/redirect", () => Results.Redirect("/followed"));
        _server.MapGet("/followed", () => { _followed++; return _issuer.KeySet; });
        _server.MapGet("/large", () => new string(' ', JsonWebKeySet.MaxBytes + 1));
        _server.MapGet("/html", () => "<html>");
        _server.MapGet("/empty", () => "{\"keys\":[]}");
        _server.MapGet("/endless", async (HttpContext c) => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, c.RequestAborted));
        _server.MapGet("/good/.well-known/openid-configuration", (HttpContext c) => new { issuer = Url("/good"), jwks_uri = Url("/keys") });
        _server.MapGet("/forged/.well-known/openid-configuration", () => new { issuer = "https://bank.test", jwks_uri = Url("/keys") });
        _server.MapGet("/file/.well-known/openid-configuration", () => new { issuer = Url("/file"), jwks_uri = "file:///etc/passwd" });
        _server.MapGet("/metadata/.well-known/openid-configuration", () => new { issuer = Url("/metadata"), jwks_uri = "http://169.254.169.254/latest" });
    }

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _fetcher.Dispose();
        _issuer.Dispose();
    }

    [Fact]
    public async Task Keys_come_from_their_uri_and_by_discovery()
    {
        Assert.Equal(_issuer.KeySet, await FetchAsync("/keys"));
        Assert.Equal(_issuer.KeySet, await FetchAsync("/good", discover: true));
    }

    [Theory]
    [InlineData("/redirect", "302")]
    [InlineData("/missing", "404")]
    [InlineData("/large", "")]
    [InlineData("/html", "is not a JSON object")]
    [InlineData("/empty", "has no keys")]
    public async Task What_is_no_key_set_is_refused(string path, string reason)
    {
        var failure = await Assert.ThrowsAsync<KeySetException>(() => FetchAsync(path));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _followed);
    }

    [Theory]
    [InlineData("/forged", "another issuer")]
    [InlineData("/file", "no jwks_uri")]
    [InlineData("/metadata", "leads only to addresses")]
    [InlineData("/nothing", "404")]
    public async Task Discovery_leads_nowhere_else(string path, string reason)
    {
        var failure = await Assert.ThrowsAsync<KeySetException>(() => FetchAsync(path, discover: true));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://2852039166/")]
    [InlineData("http://0xA9FEA9FE/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    public async Task Addresses_that_answer_to_machines_alone_are_not_called(string uri)
    {
        var failure = await Assert.ThrowsAsync<KeySetException>(() => _fetcher.FetchAsync(new KeySetAddress(uri, false), CancellationToken.None));
        Assert.Contains("addresses that keys are not fetched from", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_can_block_more()
    {
        using var fetcher = new KeySetFetcher(new KeySetLimits().WithBlocked([IPNetwork.Parse("127.0.0.0/8")]));
        await Assert.ThrowsAsync<KeySetException>(() => fetcher.FetchAsync(new KeySetAddress(Url("/keys"), false), CancellationToken.None));
    }

    [Fact]
    public async Task A_server_that_never_answers_costs_only_the_time_given()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fetcher.FetchAsync(new KeySetAddress(Url("/endless"), false), limit.Token));
    }

    private string Url(string path) => _server.Urls.First() + path;

    private Task<string> FetchAsync(string path, bool discover = false) => _fetcher.FetchAsync(new KeySetAddress(Url(path), discover), CancellationToken.None);
}
