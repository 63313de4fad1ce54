using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.RateLimits;

/// <summary>A server that says when it has enough, called through the mesh.</summary>
public sealed class LoadSheddingTests
{
    private const string Url = "http://reviews:9080/held";

    [Fact]
    public async Task Of_four_calls_at_once_two_are_served_one_waits_and_one_is_refused()
    {
        var entered = Channel.CreateUnbounded<bool>();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync(
            "reviews",
            map: app => app.Map("/held", async () =>
            {
                entered.Writer.TryWrite(true);
                await release.Task;
                return "served";
            }),
            configure: options => (options.MaxConcurrentRequests, options.RequestQueueLimit) = (2, 1));
        var client = await mesh.StartClientAsync();
        Task<HttpResponseMessage>[] calls = [client.GetAsync(Url), client.GetAsync(Url)];
        await entered.Reader.ReadAsync().AsTask().WaitAsync(Poll.Patience);
        await entered.Reader.ReadAsync().AsTask().WaitAsync(Poll.Patience);

        calls = [.. calls, client.GetAsync(Url), client.GetAsync(Url)];
        var refused = await await Task.WhenAny(calls);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("true", Assert.Single(refused.Headers.GetValues("x-envoy-overloaded")));

        release.SetResult();
        var answers = await Task.WhenAll(calls);
        Assert.Equal([200, 200, 200, 503], answers.Select(a => (int)a.StatusCode).Order());
        foreach (var answer in answers)
        {
            answer.Dispose();
        }

        using var later = await client.GetAsync(Url);
        Assert.Equal("served", await later.Content.ReadAsStringAsync());
    }
}
