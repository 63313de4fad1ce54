using ProxylessMesh.Client.Cors;
using ProxylessMesh.Client.HashPolicies;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.Tests.BadInput;

/// <summary>Header values, cookies and query strings that nobody sends in good faith: they match nothing by accident, and cost no more than their length.</summary>
public sealed class HostileRequestTests
{
    private const int Long = 200_000;

    /// <summary>A backtracking engine would need longer than the universe has for these.</summary>
    private const string Explosive = "(a+)+b";

    private static readonly Dictionary<string, string> Values = new()
    {
        ["empty"] = "",
        ["blank"] = "   \t ",
        ["long"] = new string('a', Long),
        ["separators"] = new string(';', Long),
        ["pairs"] = string.Concat(Enumerable.Repeat("a=b;", Long / 4)),
        ["parameters"] = string.Concat(Enumerable.Repeat("a=b&", Long / 4)),
        ["commas"] = new string(',', Long),
        ["equals"] = new string('=', Long),
        ["quotes"] = new string('"', 1001),
        ["one quote"] = "user=\"",
        ["half escape"] = "user%3",
        ["nul"] = "user\0=jason",
        ["control"] = "\u0001\u007f\u0080",
        ["half surrogate"] = "\ud83d",
        ["right to left"] = "\u202ejason",
        ["looks alike"] = "j\u0430son",
        ["wider"] = "\uff4a\uff41\uff53\uff4f\uff4e",
        ["case"] = "JASON",
        ["more"] = "jason ",
        ["list"] = "jason, jason",
        ["number too large"] = new string('9', 400),
        ["number with space"] = " 5",
        ["number of another script"] = "\u0665",
        ["hexadecimal"] = "0x5",
        ["injected"] = "5\r\nx-admin: true",
    };

    private static readonly HashPolicyConfig[] Policies =
    [
        new(HashPolicyKind.Header, "x-user", false),
        new(HashPolicyKind.Header, "x-user", false) { Rewrite = new RegexRewriteConfig(Explosive, "x") },
        new(HashPolicyKind.Cookie, "user", false) { CookieTtl = TimeSpan.Zero },
        new(HashPolicyKind.QueryParameter, "user", false),
        new(HashPolicyKind.SourceIp, "", false),
        new(HashPolicyKind.Header, ":path", false),
    ];

    public static TheoryData<string> Names => [.. Values.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryHashPolicyComesToTheSameHashTwice(string name)
    {
        foreach (var policy in Policies)
        {
            var hasher = RequestHasher.Compile([policy])!;

            Assert.Equal(hasher.Compute(Request(name), new SeededRandom(1)), hasher.Compute(Request(name), new SeededRandom(1)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NoMatcherTakesItForWhatItIsNot(string name)
    {
        var request = Request(name);
        var view = new HttpRequestView(request, "reviews:9080");
        HeaderMatchConfig[] headers =
        [
            new("x-user", new StringMatchConfig(StringMatchKind.Exact, "jason"), null, null),
            new("x-user", new StringMatchConfig(StringMatchKind.Regex, "jason|" + Explosive), null, null),
            new("x-user", null, new Int64RangeConfig(1, 10), null),
            new("x-admin", null, null, true),
        ];

        Assert.All(headers, h => Assert.False(new HeaderMatcher(h).Matches(in view)));
        Assert.False(new QueryMatcher(new QueryMatchConfig("user", new StringMatchConfig(StringMatchKind.Exact, "jason"))).Matches(view.Query));
        Assert.False(new QueryMatcher(new QueryMatchConfig("user", new StringMatchConfig(StringMatchKind.Regex, Explosive))).Matches(view.Query));
        Assert.False(new QueryMatcher(new QueryMatchConfig("admin", null)).Matches(view.Query));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NoOriginIsLetIn(string name)
    {
        var policy = new CorsPolicy(new CorsConfig(
            [new StringMatchConfig(StringMatchKind.Exact, "https://jason"), new StringMatchConfig(StringMatchKind.Regex, "https://" + Explosive)], "GET", "x-a", "x-b", "60"));
        using var request = Request(name);
        request.Method = HttpMethod.Options;
        request.Headers.TryAddWithoutValidation("Origin", Values[name]);
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", Values[name]);
        using var response = new HttpResponseMessage();
        if (policy.OriginOf(request, new SeededRandom(1)) is { } origin)
        {
            using var preflight = policy.Preflight(request, origin, "r");
            Assert.Empty(preflight?.Headers.AsEnumerable() ?? []);
            policy.Apply(response, origin);
        }

        Assert.Empty(response.Headers);
    }

    [Theory]
    [InlineData("user=jason; user=evil", "jason")]
    [InlineData("user=evil", "evil")]
    [InlineData("USER=evil", null)]
    [InlineData("user =evil", null)]
    [InlineData("x=\"; user=jason\"", "jason\"")]
    [InlineData("user", null)]
    [InlineData("=user; =; user=\"\"", "")]
    public void ACookieIsTheFirstOfItsName(string header, string? expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/");
        request.Headers.TryAddWithoutValidation("Cookie", header);

        Assert.Equal(expected, RequestCookies.TryFind(request, "user", out var value) ? value.ToString() : null);
    }

    private static HttpRequestMessage Request(string name)
    {
        // As they are: a Uri would clean them up, and a caller that disables that is the one to fear.
        var uri = new Uri($"http://reviews:9080/?user={Values[name]}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        foreach (var header in (string[])["x-user", "Cookie", "x-forwarded-for"])
        {
            request.Headers.TryAddWithoutValidation(header, Values[name]);
        }

        return request;
    }
}
