using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using ProxylessMesh.ControlPlane.RateLimiting;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.RateLimits;

/// <summary>From YAML over a real control plane to a real app that asks a real service.</summary>
public sealed class GlobalRateLimitTests
{
    private const string Url = "http://reviews:9080/";

    private static ReadOnlySpan<byte> Limits => """
        domain: bookinfo
        descriptors:
        - key: user
          rate_limit: { unit: year, requests_per_unit: 3 }
        """u8;

    [Fact]
    public async Task A_service_limits_for_all_and_when_it_is_gone_the_policy_decides()
    {
        var port = FreePort.Next();
        var server = await StartServiceAsync(port);
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{GlobalLimit.Entry(port)}"),
            ("limit.yaml", GlobalLimit.Policy("Open")));
        await mesh.StartWorkloadAsync("reviews", "v1");
        await mesh.StartWorkloadAsync("reviews", "v2");
        var client = await mesh.StartClientAsync();
        await client.UntilAllAnswerAsync(Url, "reviews-v1", "reviews-v2");

        // Both replicas count in one place.
        using (var refused = await UntilAsync(client, "alice", 429))
        {
            Assert.Equal("true", Assert.Single(refused.Headers.GetValues("x-envoy-ratelimited")));
            Assert.Equal("3, 3;w=31536000", Assert.Single(refused.Headers.GetValues("x-ratelimit-limit")));
            Assert.Equal("0", Assert.Single(refused.Headers.GetValues("x-ratelimit-remaining")));
        }

        Assert.Equal(429, await StatusAsync(client, "alice"));
        for (var i = 1; i <= 4; i++)
        {
            Assert.Equal(i <= 3 ? 200 : 429, await StatusAsync(client, "bob"));
        }

        Assert.Equal(200, await StatusAsync(client, null));

        await server.DisposeAsync();
        Assert.Equal(200, await StatusAsync(client, "alice"));
        mesh.Write("limit.yaml", GlobalLimit.Policy("Closed"));
        using (var closed = await UntilAsync(client, "alice", 500))
        {
            Assert.Equal("the rate limit service gave no answer\n", await closed.Content.ReadAsStringAsync());
        }

        Assert.Equal(200, await StatusAsync(client, null));
        await using var again = await StartServiceAsync(port);
        (await UntilAsync(client, "carol", 200)).Dispose();
    }

    private static async Task<RateLimitServer> StartServiceAsync(int port)
    {
        Assert.Empty(RateLimitConfigReader.Read("limits.yaml", Limits, out var domains));
        var server = new RateLimitServer(
            new RateLimitService(domains, new RateLimitCounters(TimeProvider.System)), new IPEndPoint(IPAddress.Loopback, port), TimeProvider.System, NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        return server;
    }

    private static async Task<HttpResponseMessage> UntilAsync(MeshClient client, string user, int status)
    {
        HttpResponseMessage? answer = null;
        await Poll.UntilAsync(
            async () =>
            {
                answer?.Dispose();
                answer = await client.GetAsync(Url, ("x-user", user));
                return (int)answer.StatusCode == status;
            },
            () => $"the answer is {answer?.StatusCode}");
        return answer!;
    }

    private static async Task<int> StatusAsync(MeshClient client, string? user)
    {
        using var answer = user is null ? await client.GetAsync(Url) : await client.GetAsync(Url, ("x-user", user));
        return (int)answer.StatusCode;
    }
}
