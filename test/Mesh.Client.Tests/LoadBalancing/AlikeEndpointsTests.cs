using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

public sealed class AlikeEndpointsTests
{
    private static readonly MemberLocality Two = new(new LocalityId("", "two", ""), 2);
    private static readonly MemberLocality One = new(new LocalityId("", "one", ""), 1);

    [Fact]
    public void LocalitiesThatWeighAsMuchAsTheyHoldAreAlike()
    {
        ClusterMember[] members = [In(Two, "a"), In(Two, "b"), In(One, "c")];

        Assert.Equal(members.Select(m => m.Endpoint), AlikeEndpoints.Of(members));
    }

    [Fact]
    public void LocalitiesThatWeighOtherwiseAreNot()
    {
        Assert.Null(AlikeEndpoints.Of([In(Two, "a"), In(One, "c")]));
        Assert.Null(AlikeEndpoints.Of([In(One, "a"), In(One, "b"), In(Two, "c")]));
    }

    [Fact]
    public void OneThatDiffersIsEnough()
    {
        var ejected = In(Two, "b");
        ejected.Endpoint.Ejection.Ejected = true;

        Assert.Null(AlikeEndpoints.Of([In(Two, "a"), ejected]));
        Assert.Null(AlikeEndpoints.Of([In(Two, "a"), In(Two, "b", weight: 2)]));
        Assert.Null(AlikeEndpoints.Of([In(Two, "a"), In(Two, "b", priority: 1)]));
        Assert.Null(AlikeEndpoints.Of([In(Two, "a"), In(Two, "b", health: EndpointHealth.Degraded)]));
        Assert.Null(AlikeEndpoints.Of([]));
    }

    private static ClusterMember In(
        MemberLocality locality, string address, uint weight = 1, int priority = 0, EndpointHealth health = EndpointHealth.Healthy) =>
        SampleEndpoints.Member(address, weight, priority, health) with { Locality = locality };
}
