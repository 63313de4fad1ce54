using System.Numerics;
using ProxylessMesh.Client.HashPolicies;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.HashPolicies;

/// <summary>route_components.proto, HashPolicy; gRFC A42.</summary>
public sealed class RequestHasherTests
{
    private readonly SeededRandom _random = new(1);

    [Fact]
    public void NoPoliciesCostNothing() => Assert.Null(RequestHasher.Compile([]));

    [Fact]
    public void HeaderValuesAreHashedAsOne()
    {
        var request = Request("x-user", "alice");
        request.Headers.Add("x-user", "bob");

        Assert.Equal(Xxh64.Hash("alice,bob"), Hash(request, Header("x-user")));
    }

    [Fact]
    public void AHeaderMayBeRewrittenFirst() =>
        Assert.Equal(Xxh64.Hash("acme"), Hash(Request("x-user", "alice@acme"), Header("x-user") with { Rewrite = new RegexRewriteConfig(".*@(.*)", @"\1") }));

    [Theory]
    [InlineData("x-other", "alice", "x-user")]
    [InlineData("trace-bin", "alice", "trace-bin")]
    public void MissingAndBinaryHeadersGiveNoHash(string header, string value, string policy) =>
        Assert.Null(Hash(Request(header, value), Header(policy)));

    [Theory]
    [InlineData("http://reviews:9080/a?user=alice&user=bob", "alice")]
    [InlineData("http://reviews:9080/a?x=1&user=a%20b", "a%20b")]
    [InlineData("http://reviews:9080/a?user", "")]
    public void QueryParameter(string address, string hashed) =>
        Assert.Equal(Xxh64.Hash(hashed), Hash(new HttpRequestMessage(HttpMethod.Get, address), new HashPolicyConfig(HashPolicyKind.QueryParameter, "user", false)));

    [Theory]
    [InlineData("10.1.2.3, 10.0.0.1", "10.1.2.3")]
    [InlineData("10.1.2.3", "10.1.2.3")]
    public void SourceIsTheFirstForwardedAddress(string header, string hashed) =>
        Assert.Equal(Xxh64.Hash(hashed), Hash(Request("x-forwarded-for", header), new HashPolicyConfig(HashPolicyKind.SourceIp, "", false)));

    [Theory]
    [InlineData("user=alice", "alice")]
    [InlineData("a=b; user=\"alice\"; c", "alice")]
    [InlineData("xuser=bob;user=alice", "alice")]
    [InlineData("user=", "")]
    [InlineData(";;=;user=alice=2", "alice=2")]
    public void CookieOfTheRequest(string header, string hashed)
    {
        var hash = Compute(Request("Cookie", header), Cookie(TimeSpan.Zero))!;

        Assert.Equal(Xxh64.Hash(hashed), hash.Value);
        Assert.Null(hash.SetCookie);
    }

    [Fact]
    public void AMissingCookieIsMadeWhereItHasATimeToLive()
    {
        var policy = Cookie(TimeSpan.FromHours(1)) with { CookiePath = "/app", CookieAttributes = [new("SameSite", "Lax"), new("Secure", "")] };

        var hash = Compute(Request("Accept", "*/*"), policy)!;

        var value = hash.SetCookie!.Split('"')[1];
        Assert.Equal(16, value.Length);
        Assert.Equal($"user=\"{value}\"; Max-Age=3600; Path=/app; SameSite=Lax; Secure; HttpOnly", hash.SetCookie);

        // The next request brings it, and gets the same hash.
        Assert.Equal(hash.Value, Hash(Request("Cookie", $"user={value}"), policy));
    }

    [Fact]
    public void ASessionCookieHasNoAge() =>
        Assert.DoesNotContain("Max-Age", Compute(Request("Accept", "*/*"), Cookie(TimeSpan.Zero))!.SetCookie, StringComparison.Ordinal);

    [Fact]
    public void WithoutTimeToLiveNoCookieIsMade() => Assert.Null(Compute(Request("Accept", "*/*"), Cookie(null)));

    [Fact]
    public void PoliciesAreMixedInOrderAndATerminalOneEndsThem()
    {
        var request = Request("a", "1");
        request.Headers.Add("b", "2");
        var mixed = BitOperations.RotateLeft(Xxh64.Hash("1"), 1) ^ Xxh64.Hash("2");

        Assert.Equal(mixed, Hash(request, Header("a"), Header("b")));
        Assert.Equal(mixed, Hash(request, Header("a"), Header("missing") with { Terminal = false }, Header("b")));
        Assert.Equal(Xxh64.Hash("1"), Hash(request, Header("a") with { Terminal = true }, Header("b")));
        Assert.Equal(Xxh64.Hash("2"), Hash(request, Header("missing") with { Terminal = true }, Header("b")));
    }

    [Fact]
    public void AProcessIsOneChannel()
    {
        var policy = new HashPolicyConfig(HashPolicyKind.ChannelId, "", false);

        Assert.Equal(Hash(Request("a", "1"), policy), Hash(Request("b", "2"), policy));
    }

    private static HashPolicyConfig Header(string name) => new(HashPolicyKind.Header, name, false);

    private static HashPolicyConfig Cookie(TimeSpan? ttl) => new(HashPolicyKind.Cookie, "user", false) { CookieTtl = ttl };

    private static HttpRequestMessage Request(string header, string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/");
        request.Headers.TryAddWithoutValidation(header, value);
        return request;
    }

    private ulong? Hash(HttpRequestMessage request, params HashPolicyConfig[] policies) => Compute(request, policies)?.Value;

    private RequestHash? Compute(HttpRequestMessage request, params HashPolicyConfig[] policies) =>
        RequestHasher.Compile(policies.ToEquatableArray())!.Compute(request, _random);
}
