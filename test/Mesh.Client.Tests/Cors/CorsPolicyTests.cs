using ProxylessMesh.Client.Cors;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.Cors;

/// <summary>Envoy's CORS filter.</summary>
public sealed class CorsPolicyTests
{
    private static readonly CorsConfig Config = new(
        [new StringMatchConfig(StringMatchKind.Exact, "https://a"), new StringMatchConfig(StringMatchKind.Regex, "https://.*[.]b")], "GET,POST", "x-a", "x-b", "60")
    {
        AllowCredentials = true,
        ForwardUnmatchedPreflights = false,
    };

    [Theory]
    [InlineData("https://a")]
    [InlineData("https://x.b")]
    public void A_preflight_of_an_allowed_origin_is_answered(string origin)
    {
        using var response = Preflight(Config, origin)!;

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["Access-Control-Allow-Origin"] = origin,
                ["Access-Control-Allow-Credentials"] = "true",
                ["Access-Control-Allow-Methods"] = "GET,POST",
                ["Access-Control-Allow-Headers"] = "x-a",
                ["Access-Control-Max-Age"] = "60",
            },
            response.Headers.ToDictionary(h => h.Key, h => h.Value.Single()));
    }

    [Theory]
    [InlineData("https://A")]
    [InlineData("https://a.evil")]
    [InlineData("https://b")]
    [InlineData("null")]
    public void A_preflight_of_another_origin_gets_no_permission(string origin)
    {
        using var response = Preflight(Config, origin)!;

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Empty(response.Headers);
    }

    [Fact]
    public void A_preflight_of_another_origin_goes_on_where_the_policy_says_so() =>
        Assert.Null(Preflight(Config with { ForwardUnmatchedPreflights = true }, "https://c"));

    [Fact]
    public void The_origin_star_is_every_origin()
    {
        using var response = Preflight(Config with { AllowOrigins = [new StringMatchConfig(StringMatchKind.Exact, "*")] }, "https://c")!;

        Assert.Equal("https://c", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public void Private_networks_are_opened_only_to_who_asks()
    {
        var policy = new CorsPolicy(Config with { AllowPrivateNetwork = true });
        using var request = Request(HttpMethod.Options, "https://a", "GET");
        using var without = policy.Preflight(request, "https://a", "r")!;
        request.Headers.Add("Access-Control-Request-Private-Network", "true");
        using var with = policy.Preflight(request, "https://a", "r")!;

        Assert.False(without.Headers.Contains("Access-Control-Allow-Private-Network"));
        Assert.Equal("true", with.Headers.GetValues("Access-Control-Allow-Private-Network").Single());
    }

    [Fact]
    public void Options_without_a_requested_method_is_no_preflight()
    {
        using var request = Request(HttpMethod.Options, "https://a", null);
        using var get = Request(HttpMethod.Get, "https://a", "GET");

        Assert.Null(new CorsPolicy(Config).Preflight(request, "https://a", "r"));
        Assert.Null(new CorsPolicy(Config).Preflight(get, "https://a", "r"));
    }

    [Fact]
    public void A_response_says_what_the_route_says_and_not_what_the_destination_said()
    {
        using var response = new HttpResponseMessage();
        response.Headers.Add("Access-Control-Allow-Origin", "*");
        response.Headers.Add("Access-Control-Expose-Headers", ["x-1", "x-2"]);
        var policy = new CorsPolicy(Config);

        policy.Apply(response, "https://evil");
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());

        policy.Apply(response, "https://a");
        Assert.Equal("https://a", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("true", response.Headers.GetValues("Access-Control-Allow-Credentials").Single());
        Assert.Equal("x-b", response.Headers.GetValues("Access-Control-Expose-Headers").Single());
    }

    [Fact]
    public void Nothing_happens_without_an_origin_or_outside_the_share()
    {
        var dice = new SeededRandom(1);
        using var same = Request(HttpMethod.Get, null, null);
        using var other = Request(HttpMethod.Get, "https://a", null);

        Assert.Null(new CorsPolicy(Config).OriginOf(same, dice));
        Assert.Equal("https://a", new CorsPolicy(Config).OriginOf(other, dice));
        Assert.Null(new CorsPolicy(Config with { EnabledPerMillion = 0 }).OriginOf(other, dice));
    }

    private static HttpResponseMessage? Preflight(CorsConfig config, string origin)
    {
        using var request = Request(HttpMethod.Options, origin, "PUT");
        return new CorsPolicy(config).Preflight(request, origin, "r");
    }

    private static HttpRequestMessage Request(HttpMethod method, string? origin, string? asked)
    {
        var request = new HttpRequestMessage(method, "http://reviews:9080/");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        if (asked is not null)
        {
            request.Headers.Add("Access-Control-Request-Method", asked);
        }

        return request;
    }
}
