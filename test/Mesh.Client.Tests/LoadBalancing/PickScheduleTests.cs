using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

public sealed class PickScheduleTests
{
    [Fact]
    public void EqualWeightsStandOnceEach() => Assert.Equal(["a", "b", "c"], Names(Member("a", 7), Member("b", 7), Member("c", 7)));

    [Fact]
    public void WeightsAreSpreadEvenly()
    {
        var names = Names(Member("a", 300), Member("b", 100));

        Assert.Equal(4, names.Length);
        Assert.Equal(3, names.Count(n => n == "a"));
        Assert.DoesNotContain("aaa", string.Concat(names), StringComparison.Ordinal);
    }

    [Fact]
    public void HugeWeightsKeepTheirRatioWithinTheBound()
    {
        var names = Names(Member("a", 4_000_000_000), Member("b", 999_999_999));

        Assert.InRange(names.Length, 2, 4097);
        Assert.InRange((double)names.Count(n => n == "a") / names.Length, 0.79, 0.81);
    }

    [Fact]
    public void OnlyTheHighestPriorityWithAPickableEndpointIsUsed()
    {
        Assert.Equal(["a"], Names(Member("a"), Member("b", priority: 1)));
        Assert.Equal(["b"], Names(Member("a", health: EndpointHealth.Unhealthy), Member("b", priority: 1)));
    }

    [Fact]
    public void DrainingUnhealthyAndEjectedEndpointsAreLeftOut()
    {
        var ejected = Member("d");
        ejected.Endpoint.Ejection.Ejected = true;

        Assert.Equal(["a"], Names(Member("a"), Member("b", health: EndpointHealth.Draining), Member("c", health: EndpointHealth.Unhealthy), ejected));
    }

    private static ClusterMember Member(string address, uint weight = 1, int priority = 0, EndpointHealth health = EndpointHealth.Healthy) => new(
        new Endpoint(new EndpointKey(address, 1, null), address, _ => new SocketsHttpHandler()),
        Sample.Endpoint(address, weight, health),
        priority);

    private static string[] Names(params ClusterMember[] members) => [.. PickSchedule.Build(members).Select(e => e.Key.Address)];
}
