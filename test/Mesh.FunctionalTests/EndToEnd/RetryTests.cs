using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>From YAML to what an upstream sees of a retry.</summary>
public sealed class RetryTests
{
    private const string Url = "http://reviews:9080/";

    [Fact]
    public async Task A_body_that_can_be_read_once_is_sent_again_and_each_attempt_says_which_it_is()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("reviews")),
            ("routes.yaml", Yaml.Routes(
                "reviews",
                "{ route: [ { destination: { host: reviews } } ], timeout: 60s, retries: { attempts: 2, perTryTimeout: 30s, retryOn: \"503\", retryRemoteLocalities: true } }")));
        await mesh.StartWorkloadAsync("reviews", "v1", app => app.MapPost("/flaky", async (HttpContext call) =>
        {
            var body = await new StreamReader(call.Request.Body).ReadToEndAsync();
            var attempt = call.Request.Headers["x-envoy-attempt-count"].ToString();
            return attempt == "3"
                ? Results.Text($"{body} attempt={attempt} ms={call.Request.Headers["x-envoy-expected-rq-timeout-ms"]}")
                : Results.StatusCode(503);
        }));
        var client = await mesh.StartClientAsync();
        await client.UntilAllAnswerAsync(Url, "reviews-v1");
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("once"u8.ToArray());
        await pipe.Writer.CompleteAsync();

        using var content = new StreamContent(pipe.Reader.AsStream());
        using var response = await client.Http.PostAsync(new Uri($"{Url}flaky"), content);

        Assert.Equal("once attempt=3 ms=30000", await response.Content.ReadAsStringAsync());
        Assert.Equal(3, response.GetMeshOutcome()!.Attempts);
    }

    [Fact]
    public async Task A_reply_of_the_mesh_names_the_virtual_service()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("reviews")),
            ("routes.yaml", Yaml.Routes("reviews", "{ name: canary, route: [ { destination: { host: reviews } } ] }")));
        var client = await mesh.StartClientAsync();

        using var response = await client.UntilAsync(Url, 503);

        Assert.Equal(
            "no healthy endpoint for reviews.default.svc.cluster.local:9080: 0 known; route \"canary\" of VirtualService default/reviews",
            await response.Content.ReadAsStringAsync());
    }
}
