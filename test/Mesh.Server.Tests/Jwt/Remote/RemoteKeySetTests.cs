using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Jwt.Remote;

/// <summary>Keys that a foreign control plane leaves to us to fetch: a real server of keys, and a real app that asks for tokens.</summary>
public sealed class RemoteKeySetTests : IDisposable
{
    private const int Fetched = 3850;
    private const int Stale = 3851;
    private const int Unknown = 3852;

    private static readonly TimeSpan Cache = TimeSpan.FromMinutes(5);

    private readonly FakeTime _time = new();
    private readonly TestIssuer _issuer = new();

    public void Dispose() => _issuer.Dispose();

    [Fact]
    public async Task A_request_with_a_token_waits_for_the_first_keys_and_one_without_does_not()
    {
        await using var keys = await KeyServer.StartAsync();
        var published = new TaskCompletionSource();
        keys.Answer = async c =>
        {
            await published.Task;
            await c.Response.WriteAsync(_issuer.KeySet);
        };
        await using var app = await StartAsync(keys);

        var waiting = SendAsync(app, _issuer.Token(_time.GetUtcNow()));
        Assert.Equal((200, "nobody"), await SendAsync(app, null));
        Assert.False(waiting.IsCompleted);
        published.SetResult();

        Assert.Equal((200, "alice"), await waiting);

        // Both chains of the port, and all its requests, share one fetch.
        Assert.Equal(1, keys.Asked);
    }

    [Fact]
    public async Task Without_keys_tokens_are_refused_until_a_later_fetch_succeeds()
    {
        await using var keys = await KeyServer.StartAsync();
        await using var app = await StartAsync(keys);

        Assert.Equal((401, "Jwks of the issuer could not be fetched\n"), await SendAsync(app, _issuer.Token(_time.GetUtcNow())));
        Assert.Contains("it answers 503", await app.Logs.WaitForAsync(Unknown), StringComparison.Ordinal);

        keys.Publish(_issuer.KeySet);
        await PassAsync(() => Count(app, Fetched) == 1);
        Assert.Equal((200, "alice"), await SendAsync(app, _issuer.Token(_time.GetUtcNow())));
    }

    [Theory]
    [InlineData("{\"keys\":[]}", "has no keys")]
    [InlineData("<html>", "is not a JSON object")]
    [InlineData("long", "is larger than 256 KiB")]
    public async Task What_is_no_set_of_keys_is_none(string text, string reason)
    {
        await using var keys = await KeyServer.StartAsync();
        keys.Publish(text == "long" ? new string(' ', 300_000) : text);
        await using var app = await StartAsync(keys);

        Assert.Equal(401, (await SendAsync(app, _issuer.Token(_time.GetUtcNow()))).Status);
        Assert.Contains(reason, await app.Logs.WaitForAsync(Unknown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var keys = await KeyServer.StartAsync();
        keys.Answer = c =>
        {
            c.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        await using var app = await StartAsync(keys);

        Assert.Contains("it answers 302", await app.Logs.WaitForAsync(Unknown), StringComparison.Ordinal);
        Assert.Equal(1, keys.Asked);
    }

    [Fact]
    public async Task An_https_server_that_this_machine_does_not_trust_has_no_keys_for_us()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = new TestAuthority(TimeProvider.System).Issue(key, new TestLeaf { Addresses = ["127.0.0.1"] });
        using var certificate = issued.CopyWithPrivateKey(key);
        await using var keys = await KeyServer.StartAsync(certificate);
        keys.Publish(_issuer.KeySet);
        await using var app = await StartAsync(keys, r => r with { IsSecure = true });

        Assert.Equal(401, (await SendAsync(app, _issuer.Token(_time.GetUtcNow()))).Status);
        await app.Logs.WaitForAsync(Unknown);
        Assert.Equal(0, keys.Asked);
    }

    [Fact]
    public async Task Keys_that_never_end_are_given_up_on()
    {
        await using var keys = await KeyServer.StartAsync();
        keys.Answer = async c =>
        {
            await c.Response.WriteAsync("{\"keys\":[");
            await c.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, c.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        await using var app = await StartAsync(keys, r => r with { Timeout = TimeSpan.FromSeconds(5) });
        var waiting = SendAsync(app, _issuer.Token(_time.GetUtcNow()));

        await PassAsync(() => Count(app, Unknown) > 0);
        Assert.Equal(401, (await waiting).Status);
        Assert.Contains("no answer within 5 s", await app.Logs.WaitForAsync(Unknown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_fetched_anew_when_their_time_is_over_and_stay_when_that_fails()
    {
        await using var keys = await KeyServer.StartAsync();
        keys.Publish(_issuer.KeySet);
        await using var app = await StartAsync(keys);
        Assert.Equal((200, "alice"), await SendAsync(app, _issuer.Token(_time.GetUtcNow())));

        using var next = new TestIssuer("ES256", "key-2");
        keys.Publish(next.KeySet);
        await PassAsync(() => Count(app, Fetched) == 2);
        Assert.Equal((200, "alice"), await SendAsync(app, next.Token(_time.GetUtcNow())));

        // What the old keys had verified is not remembered.
        Assert.Equal(401, (await SendAsync(app, _issuer.Token(_time.GetUtcNow()))).Status);

        keys.Answer = c =>
        {
            c.Abort();
            return Task.CompletedTask;
        };
        await PassAsync(() => Count(app, Stale) >= 2);
        Assert.Equal((200, "alice"), await SendAsync(app, next.Token(_time.GetUtcNow())));
    }

    [Fact]
    public async Task Tokens_of_unknown_keys_fetch_nothing()
    {
        await using var keys = await KeyServer.StartAsync();
        keys.Publish(_issuer.KeySet);
        await using var app = await StartAsync(keys);
        await app.Logs.WaitForAsync(Fetched);
        using var stranger = new TestIssuer("ES256", "key-9");

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(401, (await SendAsync(app, stranger.Token(_time.GetUtcNow()))).Status);
        }

        Assert.Equal(1, keys.Asked);
    }

    [Fact]
    public async Task A_fetch_tries_as_often_as_it_is_told()
    {
        await using var keys = await KeyServer.StartAsync();
        keys.Answer = c => keys.Asked < 3 ? Fail(c) : c.Response.WriteAsync(_issuer.KeySet);
        await using var app = await StartAsync(keys, r => r with { Retries = 2 });

        await PassAsync(() => Count(app, Fetched) == 1);
        Assert.Equal((3, 0), (keys.Asked, Count(app, Unknown)));

        static Task Fail(HttpContext context)
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task What_no_listener_names_any_more_is_not_fetched()
    {
        await using var keys = await KeyServer.StartAsync();
        keys.Publish(_issuer.KeySet);
        var mesh = Mesh(keys, r => r);
        await using var app = await StartAsync(mesh);
        await app.Logs.WaitForAsync(Fetched);

        mesh.Push(Listeners.Permissive);
        mesh.Push(name => Listeners.Filtered(name, new JwtFilterConfig("jwt")));
        _time.Advance(Cache * 3);

        Assert.Equal(200, (await SendAsync(app, null)).Status);
        Assert.Equal(1, keys.Asked);
    }

    private static int Count(MeshApp app, int id) => app.Logs.Entries.Count(e => e.Id.Id == id);

    /// <summary>Lets time pass until it has come so far.</summary>
    private async Task PassAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    private static async Task<(int Status, string Text)> SendAsync(MeshApp app, string? token)
    {
        using var client = Callers.Plaintext(app, HttpVersion.Version11);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/claims");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private Task<MeshApp> StartAsync(KeyServer keys, Func<RemoteKeySetConfig, RemoteKeySetConfig>? change = null) => StartAsync(Mesh(keys, change ?? (r => r)));

    private static Task<MeshApp> StartAsync(ScriptedMesh mesh) =>
        MeshApp.StartAsync(mesh, map: app => app.MapGet("/claims", (HttpContext c) => c.User.FindFirst("sub")?.Value ?? "nobody"));

    private ScriptedMesh Mesh(KeyServer keys, Func<RemoteKeySetConfig, RemoteKeySetConfig> change)
    {
        var remote = change(new RemoteKeySetConfig("127.0.0.1", keys.Port, "/jwks") { Timeout = TimeSpan.FromDays(2), CacheDuration = Cache });
        var filter = new JwtFilterConfig("jwt")
        {
            Providers = [new JwtProviderConfig("p", _issuer.Issuer, JwtProviderConfig.NoKeys) { Remote = remote, ClockSkew = TimeSpan.FromSeconds(60), PublishesPayload = true }],
            Rules =
            [
                new JwtRuleConfig(
                    new PathMatchConfig(PathMatchKind.Prefix, "/"),
                    new JwtAnyOfRequirementConfig([new JwtTokenRequirementConfig("p"), new JwtOptionalRequirementConfig(EvenIfInvalid: false)])),
            ],
        };
        return new ScriptedMesh(name => Listeners.Filtered(name, filter)) { Time = _time };
    }
}
