using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Server;

namespace ProxylessMesh.FunctionalTests.Documentation;

/// <summary>The tasks that users of Istio know, with the YAML that their pages show: it does what the page says. Times and shares that would take long are replaced.</summary>
public sealed class TaskPageTests
{
    private const string Url = "http://reviews:9080/";

    [Fact]
    public async Task Request_routing()
    {
        await using var mesh = await MeshEnvironment.StartAsync(Page.Yaml("request-routing.md"));
        await mesh.StartWorkloadAsync("reviews", "v1");
        await mesh.StartWorkloadAsync("reviews", "v2");
        var client = await mesh.StartClientAsync();

        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");
        Assert.Equal("reviews-v2", (await client.AskAsync(Url, ("end-user", "jason"))).Workload);
        Assert.Equal("reviews-v2", (await client.AskAsync($"{Url}preview/1")).Workload);
        Assert.Equal("reviews-v1", (await client.AskAsync(Url, ("end-user", "eve"))).Workload);
    }

    [Fact]
    public async Task Traffic_shifting()
    {
        await using var mesh = await MeshEnvironment.StartAsync(Page.Yaml("traffic-shifting.md"));
        await mesh.StartWorkloadAsync("reviews", "v1");
        await mesh.StartWorkloadAsync("reviews", "v2");
        var client = await mesh.StartClientAsync();
        await client.UntilAllAnswerAsync(Url, "reviews-v1", "reviews-v2");

        // Six standard deviations around 80.
        Assert.InRange((await client.CountAsync(Url, 400))["reviews-v2"], 32, 128);
    }

    [Fact]
    public async Task Fault_injection()
    {
        await using var mesh = await MeshEnvironment.StartAsync(Page.Yaml("fault-injection.md", "fixedDelay: 7s", "fixedDelay: 10ms"));
        await mesh.StartWorkloadAsync("ratings");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync("http://ratings:9080/", 200);

        using var jason = await client.GetAsync("http://ratings:9080/", ("end-user", "jason"));
        using var eve = await client.GetAsync("http://ratings:9080/", ("end-user", "eve"));

        Assert.True(jason.GetMeshOutcome()!.Flags.HasFlag(ResponseFlags.DelayInjected));
        Assert.Equal(ResponseFlags.None, eve.GetMeshOutcome()!.Flags);
    }

    [Fact]
    public async Task Request_timeouts()
    {
        await using var mesh = await MeshEnvironment.StartAsync(Page.Yaml("retries-and-timeouts.md", "timeout: 2s", "timeout: 100ms"));
        await mesh.StartWorkloadAsync("reviews", map: app => app.MapGet("/hangs", (HttpContext context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)));
        var client = await mesh.StartClientAsync();

        using var response = await client.UntilAsync($"{Url}hangs", 504);

        Assert.True(response.GetMeshOutcome()!.Flags.HasFlag(ResponseFlags.UpstreamRequestTimeout));
    }

    [Fact]
    public async Task Mirroring()
    {
        await using var mesh = await MeshEnvironment.StartAsync(Page.Yaml("mirroring.md", "value: 10", "value: 100"));
        await mesh.StartWorkloadAsync("reviews", "v1");
        var copied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await mesh.StartWorkloadAsync("reviews", "v2", app => app.MapGet("/copied", () =>
        {
            copied.TrySetResult();
            return Results.StatusCode(500);
        }));
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");

        Assert.Equal("reviews-v1", (await client.AskAsync($"{Url}copied")).Workload);
        await copied.Task.WaitAsync(Poll.Patience);
    }

    [Fact]
    public async Task Circuit_breaking()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("service.yaml", Yaml.Service("reviews")), Page.Yaml("circuit-breaking.md"));
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await mesh.StartWorkloadAsync("reviews", map: app => app.MapGet("/held", () => release.Task));
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, 200);

        // One is served and one waits, so that the third is too many, whichever that is.
        var calls = Enumerable.Range(0, 3).Select(_ => client.GetAsync($"{Url}held")).ToList();
        var first = await Task.WhenAny(calls).WaitAsync(Poll.Patience);
        using (var refused = await first)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("true", Assert.Single(refused.Headers.GetValues("x-envoy-overloaded")));
            Assert.Equal(ResponseFlags.UpstreamOverflow, refused.GetMeshOutcome()!.Flags);
        }

        release.SetResult();
        foreach (var call in calls.Where(c => c != first))
        {
            using var served = await call;
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }
    }

    [Fact]
    public async Task Load_reports()
    {
        await using var mesh = await MeshEnvironment.StartAsync(Page.Yaml("load-reports.md", "weightStabilizationPeriod: 10s", "weightStabilizationPeriod: 0s"));
        foreach (var (version, queue) in (List<(string, double)>)[("short", 0.1), ("long", 0.9)])
        {
            await mesh.StartWorkloadAsync(
                "render",
                version,
                app =>
                {
                    var load = app.Services.GetRequiredService<ILoadReporter>();
                    load.RequestsPerSecond = 100;
                    load.MemoryUtilization = 0.01;
                    load.SetMetric("queue", queue);
                },
                options => options.LoadReports.InResponses = true);
        }

        var client = await mesh.StartClientAsync();
        await client.UntilAllAnswerAsync("http://render:9080/", "render-long", "render-short");

        // 9 of 10.
        await Poll.UntilAsync(async () => (await client.CountAsync("http://render:9080/", 40))["render-short"] is >= 35 and <= 37, () => "the queues do not count");
    }

    [Fact]
    public async Task Locality_failover()
    {
        await using var mesh = await MeshEnvironment.StartAsync(Page.Yaml("locality-failover.md"));
        var broken = false;
        await mesh.StartWorkloadAsync(
            "hello",
            "near",
            app => app.Use((context, next) =>
            {
                context.Response.StatusCode = Volatile.Read(ref broken) ? 500 : 200;
                return Volatile.Read(ref broken) ? Task.CompletedTask : next(context);
            }),
            configure: options => options.Workload.Locality = "eu-west/a");
        await mesh.StartWorkloadAsync("hello", "far", configure: options => options.Workload.Locality = "eu-central/b");
        await mesh.StartWorkloadAsync("hello", "farthest", configure: options => options.Workload.Locality = "us-east/c");
        var client = await mesh.StartClientAsync(options => options.Workload.Locality = "eu-west/a");
        await client.UntilAsync("http://hello:9080/", a => a.Workload == "hello-near");
        Assert.Equal(["hello-near"], (await client.CountAsync("http://hello:9080/", 20)).Keys);

        Volatile.Write(ref broken, true);

        await client.UntilAsync("http://hello:9080/", a => a.Workload == "hello-far");
        Assert.Equal(["hello-far"], (await client.CountAsync("http://hello:9080/", 20)).Keys);
    }
}
