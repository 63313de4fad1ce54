using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>HttpClient's own time limit and its caller's patience stay what they are without a mesh.</summary>
public sealed class HttpClientTimeoutTests
{
    private const string Url = "http://reviews:9080/";

    [Fact]
    public async Task A_timeout_of_HttpClient_and_a_cancellation_of_the_caller_are_cancellations_and_reach_the_destination()
    {
        var arrived = new SemaphoreSlim(0);
        var aborted = new SemaphoreSlim(0);
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews", map: app => app.MapGet("/hang", async (HttpContext context) =>
        {
            arrived.Release();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }
            finally
            {
                aborted.Release();
            }
        }));
        var client = await mesh.StartClientAsync(services: s => s.AddHttpClient("impatient", c => c.Timeout = TimeSpan.FromSeconds(1)));
        await client.UntilAsync(Url, _ => true);

        using var impatient = client.Named("impatient");
        var timedOut = await Assert.ThrowsAsync<TaskCanceledException>(() => impatient.GetAsync(new Uri($"{Url}hang")));
        Assert.IsType<TimeoutException>(timedOut.InnerException);
        Assert.True(await aborted.WaitAsync(Poll.Patience));
        Assert.True(await arrived.WaitAsync(Poll.Patience));

        using var caller = new CancellationTokenSource();
        var call = client.Http.GetAsync(new Uri($"{Url}hang"), caller.Token);
        Assert.True(await arrived.WaitAsync(Poll.Patience));
        await caller.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(caller.Token, cancelled.CancellationToken);
        Assert.IsNotType<TimeoutException>(cancelled.InnerException);
        Assert.True(await aborted.WaitAsync(Poll.Patience));
    }
}
