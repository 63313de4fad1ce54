using ProxylessMesh.ControlPlane.Chaos;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using static ProxylessMesh.ControlPlane.Tests.Model.Mesh;

namespace ProxylessMesh.ControlPlane.Tests.Chaos;

public class ChaosPickerTests
{
    private static readonly DateTimeOffset s_now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly ChaosOptions s_options = new()
    {
        ConfigDirectory = "unused",
        Faults = [new HttpFault(new FaultDelay(TimeSpan.FromSeconds(1), 100_000), null), new HttpFault(null, new FaultAbort(503, null, 100_000))],
        Every = TimeSpan.FromHours(1),
        Duration = TimeSpan.FromMinutes(10),
        MaxServices = 1000,
    };

    [Fact]
    public void NeverHitsWhatOptedOutNorTheControlPlaneNorHostsOutside() => Assert.Equal(
        ["cart.shop", "reviews.default"],
        Hosts(
            s_options,
            Service("reviews"),
            Service("shop/cart"),
            Service("ledger", annotations: "proxylessmesh.io/chaos=disabled"),
            Service("istio-system/istiod"),
            ServiceEntry("partner", "api.example.com")));

    [Fact]
    public void NamespacesLimitIt()
    {
        MeshObject[] objects = [Service("reviews"), Service("shop/cart"), Service("bank/ledger")];

        Assert.Equal(["cart.shop"], Hosts(s_options with { Namespaces = ["shop"] }, objects));
        Assert.Equal(["reviews.default"], Hosts(s_options with { ExcludedNamespaces = ["shop", "bank"] }, objects));
        Assert.Empty(Hosts(s_options with { Namespaces = ["shop"], ExcludedNamespaces = ["shop"] }, objects));
    }

    [Fact]
    public void ServicesThatAreHitAlreadyCountAgainstTheLimit()
    {
        var other = new ChaosExperiment(Meta("ChaosExperiment", "other"), ["reviews"], s_options.Faults[0], s_now.AddMinutes(-1), s_now.AddMinutes(1));
        MeshObject[] objects = [Service("reviews"), Service("ratings"), Service("details"), other];

        Assert.Equal(["details.default", "ratings.default"], Hosts(s_options, objects));
        Assert.Single(Hosts(s_options with { MaxServices = 2 }, objects));
        Assert.Empty(Hosts(s_options with { MaxServices = 1 }, objects));
        Assert.Single(Hosts(s_options with { MaxServices = 1 }, [.. objects.Except([other]), other with { Expires = s_now }]));
    }

    [Fact]
    public void TheSameSeedPicksTheSameAndEveryServiceAndFaultIsPickedInTheEnd()
    {
        MeshObject[] objects = [Service("reviews"), Service("ratings"), Service("details")];
        var options = s_options with { MaxServices = 1 };
        List<ChaosPick> Picks(ulong seed)
        {
            var picker = new ChaosPicker(options, new MeshSettings(), new SeededRandomSource(seed));
            return [.. Enumerable.Range(0, 100).SelectMany(_ => picker.Pick(objects, s_now, out string _))];
        }

        Assert.Equal(Picks(7), Picks(7));
        Assert.NotEqual(Picks(7), Picks(8));
        Assert.Equal(6, Picks(7).Distinct().Count());
    }

    [Fact]
    public void TheSeedMeansTheSameOnEveryMachine() =>
        Assert.Equal([88, 43, 2], Enumerable.Repeat(new SeededRandomSource(0), 3).Select(dice => dice.Next(100)));

    private static IEnumerable<string> Hosts(ChaosOptions options, params MeshObject[] objects) =>
        new ChaosPicker(options, new MeshSettings(), new SeededRandomSource(1)).Pick(objects, s_now, out _)
            .Select(p => p.Target.Host.Replace(".svc.cluster.local", "", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}
