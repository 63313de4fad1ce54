using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.RateLimits;

/// <summary>local_ratelimit in front of a real app.</summary>
public sealed class LocalRateLimitTests
{
    private const int All = 1_000_000;

    private static readonly TokenBucketConfig Two = new(2, 2, TimeSpan.FromSeconds(10));

    private readonly FakeTime _time = new();

    [Fact]
    public async Task Over_the_limit_there_is_429_until_the_bucket_fills()
    {
        await using var app = await StartAsync(Limits with { Default = Two });
        using var client = Callers.Plaintext(app, HttpVersion.Version11);

        Assert.Equal([200, 200, 429], await StatusesAsync(client, 3));
        using var refused = await client.GetAsync("/whoami");
        Assert.Equal("local_rate_limited\n", await refused.Content.ReadAsStringAsync());

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([200, 429], await StatusesAsync(client, 2));
    }

    [Theory]
    [InlineData(false, "14")]
    [InlineData(true, "8")]
    public async Task A_grpc_call_over_the_limit_is_told_so(bool exhausted, string status)
    {
        await using var app = await StartAsync(Limits with { Default = new TokenBucketConfig(1, 1, TimeSpan.FromHours(1)), AsResourceExhausted = exhausted });
        using var client = Callers.Plaintext(app, HttpVersion.Version20);
        (await client.GetAsync("/whoami")).Dispose();
        using var call = new HttpRequestMessage(HttpMethod.Post, "/bookinfo.Reviews/Get") { Version = HttpVersion.Version20, Content = new ByteArrayContent([0, 0, 0, 0, 0]) };
        call.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using var answer = await client.SendAsync(call);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(status, Assert.Single(answer.Headers.GetValues("grpc-status")));
    }

    [Fact]
    public async Task Each_identity_has_a_bucket_and_plaintext_callers_share_one()
    {
        var mesh = Mesh(By(new PeerActionConfig("who", "none", SkipIfAbsent: false)));
        await using var app = await MeshApp.StartAsync(mesh);
        using var ratings = Callers.Secure(app, HttpVersion.Version20, mesh.Authority.IssueIdentity("spiffe://cluster.local/ns/default/sa/ratings"));
        using var details = Callers.Secure(app, HttpVersion.Version20, mesh.Authority.IssueIdentity("spiffe://cluster.local/ns/default/sa/details"));
        using var one = Callers.Plaintext(app, HttpVersion.Version11);
        using var other = Callers.Plaintext(app, HttpVersion.Version11);

        Assert.Equal([200, 200, 429], await StatusesAsync(ratings, 3));
        Assert.Equal([200, 200, 429], await StatusesAsync(details, 3));
        Assert.Equal([200, 200], await StatusesAsync(one, 2));
        Assert.Equal([429], await StatusesAsync(other, 1));
    }

    [Fact]
    public async Task Each_value_of_a_header_has_a_bucket_and_without_it_there_is_no_limit()
    {
        await using var app = await MeshApp.StartAsync(Mesh(By(new HeaderActionConfig("who", "x-user", SkipIfAbsent: false))));
        using var client = Callers.Plaintext(app, HttpVersion.Version11);

        Assert.Equal([200, 200, 429], await StatusesAsync(client, 3, ("x-user", "alice")));
        Assert.Equal([200, 200, 429], await StatusesAsync(client, 3, ("x-user", "bob")));
        Assert.Equal([200, 200, 200], await StatusesAsync(client, 3));
        var endless = new string('a', 4000);
        Assert.Equal([200, 200, 429], await StatusesAsync(client, 3, ("x-user", endless)));
        Assert.Equal([429], await StatusesAsync(client, 1, ("x-user", endless + "b")));
    }

    [Fact]
    public async Task A_flood_of_header_values_shares_one_bucket_in_the_end()
    {
        await using var app = await MeshApp.StartAsync(Mesh(By(new HeaderActionConfig("who", "x-user", SkipIfAbsent: false)) with { MaxDynamic = 5 }));
        using var client = Callers.Plaintext(app, HttpVersion.Version11);
        var passed = 0;
        for (var i = 0; i < 50; i++)
        {
            passed += (await StatusesAsync(client, 1, ("x-user", i.ToString(CultureInfo.InvariantCulture)))).Count(s => s == 200);
        }

        Assert.Equal(7, passed);
    }

    [Fact]
    public async Task Only_requests_that_match_count_and_an_exact_value_goes_before_any()
    {
        var isPost = new HeaderMatchActionConfig("rule", "post", Expect: true, [new HeaderMatchConfig(":method", new StringMatchConfig(StringMatchKind.Exact, "POST"), null, null)]);
        var user = new HeaderActionConfig("who", "x-user", SkipIfAbsent: true);
        await using var app = await StartAsync(Limits with
        {
            Rules = [new DescriptorRuleConfig([isPost]), new DescriptorRuleConfig([user])],
            Descriptors =
            [
                new LocalDescriptorConfig([new("rule", "post")], Two),
                new LocalDescriptorConfig([new("who", "")], Two),
                new LocalDescriptorConfig([new("who", "batch")], new TokenBucketConfig(1, 1, TimeSpan.FromHours(1))),
            ],
        });
        using var client = Callers.Plaintext(app, HttpVersion.Version11);

        Assert.Equal([200, 200, 200, 200], await StatusesAsync(client, 4));
        Assert.Equal([200, 429], await StatusesAsync(client, 2, ("x-user", "batch")));
        for (var i = 0; i < 3; i++)
        {
            using var posted = await client.PostAsync("/length", new StringContent("x"));
            Assert.Equal(i < 2 ? 200 : 429, (int)posted.StatusCode);
        }
    }

    [Fact]
    public async Task Responses_tell_what_is_left()
    {
        await using var app = await StartAsync(Limits with { Default = Two, TellsLimits = true, ResponseHeaders = [new(HeaderMutationKind.Set, "x-limited", "yes")] });
        using var client = Callers.Plaintext(app, HttpVersion.Version11);

        using var passed = await client.GetAsync("/whoami");
        Assert.Equal(("2", "1", "0"), Told(passed));
        (await client.GetAsync("/whoami")).Dispose();
        using var refused = await client.GetAsync("/whoami");
        Assert.Equal(("2", "0", "5"), Told(refused));
        Assert.Equal("yes", Assert.Single(refused.Headers.GetValues("x-limited")));
        Assert.False(passed.Headers.Contains("x-limited"));
    }

    [Fact]
    public async Task What_is_not_enforced_passes_with_a_mark()
    {
        var mesh = Mesh(Limits with { Default = new TokenBucketConfig(1, 1, TimeSpan.FromHours(1)), EnforcedPerMillion = 0, NotEnforcedHeaders = [new(HeaderMutationKind.Append, "x-over", "1")] });
        await using var app = await MeshApp.StartAsync(mesh, map: web => web.MapGet("/over", (HttpRequest r) => r.Headers["x-over"].ToString()));
        using var client = Callers.Plaintext(app, HttpVersion.Version11);

        Assert.Equal("", await client.GetStringAsync("/over"));
        Assert.Equal("1", await client.GetStringAsync("/over"));
    }

    [Fact]
    public async Task An_update_gives_no_new_tokens_to_limits_that_it_leaves_alone()
    {
        var mesh = Mesh(Limits with { Default = Two });
        await using var app = await MeshApp.StartAsync(mesh);
        using var client = Callers.Plaintext(app, HttpVersion.Version11);
        Assert.Equal([200, 200, 429], await StatusesAsync(client, 3));

        mesh.Push(name => Listeners.Filtered(name, Filter(Limits with { Default = Two, Status = 503 })));
        Assert.Equal([503], await StatusesAsync(client, 1));

        mesh.Push(name => Listeners.Filtered(name, Filter(Limits with { Default = Two with { MaxTokens = 3 } })));
        Assert.Equal([200, 200, 200, 429], await StatusesAsync(client, 4));

        mesh.Push(name => Listeners.Filtered(name, new LocalRateLimitFilterConfig("limit", null)));
        Assert.Equal([200], await StatusesAsync(client, 1));
    }

    [Fact]
    public async Task Each_connection_can_have_its_own()
    {
        await using var app = await StartAsync(Limits with { Default = Two, PerConnection = true });
        using var one = Callers.Plaintext(app, HttpVersion.Version20);
        using var other = Callers.Plaintext(app, HttpVersion.Version20);

        Assert.Equal([200, 200, 429], await StatusesAsync(one, 3));
        Assert.Equal([200, 200, 429], await StatusesAsync(other, 3));
    }

    private static LocalRateLimitConfig Limits => new() { EnabledPerMillion = All, EnforcedPerMillion = All };

    private static LocalRateLimitConfig By(DescriptorActionConfig action) => Limits with
    {
        Rules = [new DescriptorRuleConfig([action])],
        Descriptors = [new LocalDescriptorConfig([new("who", "")], Two)],
        MaxDynamic = 100,
    };

    private static LocalRateLimitFilterConfig Filter(LocalRateLimitConfig limits) => new("limit", limits);

    private ScriptedMesh Mesh(LocalRateLimitConfig limits) => new(name => Listeners.Filtered(name, Filter(limits))) { Time = new LimitTime(_time) };

    private Task<MeshApp> StartAsync(LocalRateLimitConfig limits) => MeshApp.StartAsync(Mesh(limits));

    private static (string Limit, string Remaining, string Reset) Told(HttpResponseMessage answer) =>
        (answer.Headers.GetValues("x-ratelimit-limit").Single(), answer.Headers.GetValues("x-ratelimit-remaining").Single(), answer.Headers.GetValues("x-ratelimit-reset").Single());

    private static async Task<List<int>> StatusesAsync(HttpClient client, int requests, params (string Name, string Value)[] headers)
    {
        var statuses = new List<int>();
        for (var i = 0; i < requests; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/whoami") { Version = client.DefaultRequestVersion, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var answer = await client.SendAsync(request);
            statuses.Add((int)answer.StatusCode);
        }

        return statuses;
    }

    /// <summary>The buckets' clock stands still; timers and certificates keep real time.</summary>
    private sealed class LimitTime(FakeTime time) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();
    }
}
