using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

/// <summary>Envoy, retry_priority previous_priorities: retries leave the priorities tried so far.</summary>
public sealed class OtherPrioritiesTests
{
    [Theory]
    [InlineData(null, "near near near near")]
    [InlineData(1, "near far farther near")]
    [InlineData(2, "near near far far")]
    public async Task RetriesMoveOn(int? frequency, string expected)
    {
        using var call = new SampleCall(endpoints: new EndpointsConfig(Sample.ClusterName, [Level("near", 0), Level("far", 1), Level("farther", 2)]));
        foreach (var address in new[] { "near", "far", "farther" })
        {
            call.Upstream.Status(address, 503);
        }

        var response = await call.Send(SampleCall.Forward(Sample.Retry(RetryConditions.ServerError, retries: 3) with { PriorityUpdateFrequency = frequency }));

        Assert.Equal(4, response.GetMeshOutcome()!.Attempts);
        Assert.Equal(expected.Split(' '), call.Upstream.Calls);
    }

    [Fact]
    public async Task AnotherPriorityWithoutHealthyEndpointsIsNoChoice()
    {
        var sick = Sample.Endpoint("far", health: EndpointHealth.Unhealthy);
        using var call = new SampleCall(endpoints: new EndpointsConfig(Sample.ClusterName, [Level("near", 0), new LocalityConfig(default, 1, 1, [sick])]));
        call.Upstream.Status("near", 503);

        await call.Send(SampleCall.Forward(Sample.Retry(RetryConditions.ServerError, retries: 1) with { PriorityUpdateFrequency = 1 }));

        Assert.Equal(["near", "near"], call.Upstream.Calls);
    }

    private static LocalityConfig Level(string address, int priority) => new(default, 1, priority, [Sample.Endpoint(address)]);
}
