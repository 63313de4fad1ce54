using System.Net;
using System.Text;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Client.Sessions;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.Sessions;

/// <summary>gRFCs A55 and A60.</summary>
public sealed class SessionAffinityTests
{
    private static readonly SessionConfig Config = new("session", "/", TimeSpan.FromSeconds(120), Strict: false);

    [Fact]
    public async Task The_first_response_names_the_endpoint_and_later_requests_go_there()
    {
        using var call = Call(Config);
        using var first = await call.Send(SampleCall.Forward());
        var cookie = Assert.Single(first.Headers.GetValues("Set-Cookie"));
        Assert.Equal($"session=\"{Token("a:9080;cluster:" + Sample.ClusterName)}\"; Max-Age=120; Path=/; HttpOnly", cookie);

        for (var i = 0; i < 4; i++)
        {
            using var response = await call.Send(SampleCall.Forward(), Request(cookie[..cookie.IndexOf(';', StringComparison.Ordinal)]));
            Assert.False(response.Headers.Contains("Set-Cookie"));
        }

        Assert.Equal(["a", "a", "a", "a", "a"], call.Upstream.Calls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("session=???")]
    [InlineData("session=")]
    [InlineData("other=x")]
    [InlineData("session=MTAuOS45Ljk6MQ==")]
    public async Task What_names_no_endpoint_of_the_cluster_is_balanced_and_told_another_one(string cookie)
    {
        using var call = Call(Config);
        using var response = await call.Send(SampleCall.Forward(), Request(cookie));

        Assert.Equal(["a"], call.Upstream.Calls);
        Assert.True(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Sessions_stay_with_endpoints_that_drain_if_the_cluster_says_so_and_leave_those_that_are_sick()
    {
        foreach (var (statuses, health, expected) in (List<(SessionHealth, EndpointHealth, string)>)
        [
            (SessionHealth.Healthy | SessionHealth.Draining, EndpointHealth.Draining, "b"),
            (SessionHealth.Healthy, EndpointHealth.Draining, "a"),
            (SessionHealth.Healthy | SessionHealth.Draining, EndpointHealth.Unhealthy, "a"),
            (SessionHealth.Healthy, EndpointHealth.Healthy, "b"),
        ])
        {
            using var call = Call(Config, statuses, health);
            (await call.Send(SampleCall.Forward(), Request($"session={Token("b:9080")}"))).Dispose();
            Assert.Equal([expected], call.Upstream.Calls);
        }
    }

    [Fact]
    public async Task An_ejected_endpoint_loses_its_sessions()
    {
        using var call = Call(Config);
        call.Cluster.Model.Known[1].Ejection.Ejected = true;
        using var response = await call.Send(SampleCall.Forward(), Request($"session={Token("b:9080")}"));

        Assert.Equal(["a"], call.Upstream.Calls);
        Assert.Contains(Token("a:9080;cluster:" + Sample.ClusterName), Assert.Single(response.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strict_sessions_fail_rather_than_move()
    {
        using var call = Call(Config with { Strict = true }, SessionHealth.Healthy, EndpointHealth.Unhealthy);
        using var response = await call.Send(SampleCall.Forward(), Request($"session={Token("b:9080")}"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(ResponseFlags.NoHealthyUpstream, response.GetMeshOutcome()!.Flags);
        Assert.Empty(call.Upstream.Calls);
    }

    [Fact]
    public async Task Retries_stay_with_the_session()
    {
        using var call = Call(Config);
        call.Upstream.Status("b", 503);
        (await call.Send(SampleCall.Forward(Sample.Retry(RetryConditions.ServerError)), Request($"session={Token("b:9080")}"))).Dispose();

        Assert.Equal(["b", "b", "b"], call.Upstream.Calls);
    }

    [Theory]
    [InlineData("/shop", "/shop", true)]
    [InlineData("/shop", "/shop/cart", true)]
    [InlineData("/shop/", "/shop/cart", true)]
    [InlineData("/shop", "/shopping", false)]
    [InlineData("/shop", "/", false)]
    public async Task Requests_off_the_cookies_path_belong_to_no_session(string cookiePath, string path, bool belongs)
    {
        using var call = Call(Config with { Path = cookiePath });
        var request = Request($"session={Token("b:9080")}");
        request.RequestUri = new Uri($"http://reviews:9080{path}");
        using var response = await call.Send(SampleCall.Forward(), request);

        Assert.Equal([belongs ? "b" : "a"], call.Upstream.Calls);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public void The_cookies_cluster_is_chosen_while_the_route_has_it()
    {
        using var one = Call(Config);
        var clusters = new Dictionary<string, Client.Clusters.ClusterState>
        {
            ["v1"] = new("v1", one.Upstream.Handler, one.Time, new ZeroRandom()),
            ["v2"] = new("v2", one.Upstream.Handler, one.Time, new ZeroRandom()),
        };
        var split = new ClusterSplit([new WeightedClusterConfig("v1", 1), new WeightedClusterConfig("v2", 1)], name => clusters[name]);

        Assert.Equal(("v2", 1), (split.Choose("v2", new ZeroRandom(), out var index).Name, index));
        Assert.Equal(("v1", 0), (split.Choose("v3", new ZeroRandom(), out index).Name, index));
        Assert.Equal(("v1", 0), (split.Choose(null, new ZeroRandom(), out index).Name, index));
    }

    private static SampleCall Call(SessionConfig config, SessionHealth statuses = SessionHealth.Healthy, EndpointHealth healthOfB = EndpointHealth.Healthy)
    {
        var cluster = Sample.Cluster() with { LoadBalancing = new LoadBalancingConfig(LoadBalancingPolicy.RoundRobin) { Sessions = statuses } };
        var call = new SampleCall(cluster, Sample.Endpoints(Sample.Endpoint("a"), Sample.Endpoint("b", health: healthOfB))) { Sessions = new SessionAffinity(config) };
        call.Upstream.Status("a", 200);
        call.Upstream.Status("b", 200);
        return call;
    }

    private static HttpRequestMessage Request(string cookie)
    {
        var request = SampleCall.Request();
        if (cookie.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Cookie", $"first=1; {cookie}; last=2");
        }

        return request;
    }

    private static string Token(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
