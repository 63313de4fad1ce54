using Envoy.Extensions.Filters.Http.Fault.V3;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Translation;
using FaultAbort = ProxylessMesh.ControlPlane.Resources.FaultAbort;

namespace ProxylessMesh.ControlPlane.Tests.Translation.Faults;

public class ChaosTests
{
    [Fact]
    public void AnExperimentIsAFaultOfTheVirtualHostForBothProfiles()
    {
        foreach (var profile in new[] { ProxyProfile.Mesh, ProxyProfile.Grpc })
        {
            Assert.Equal(
                """{ "abort": { "httpStatus": 503, "percentage": { "numerator": 1000, "denominator": "MILLION" } } }""",
                Fault(profile, Mesh.Service("reviews"), Experiment("default/a", "reviews"))?.ToString());
        }
    }

    [Fact]
    public void OnlyTheNamedServiceHasIt() =>
        Assert.Null(Fault(ProxyProfile.Mesh, Mesh.Service("reviews"), Mesh.Service("ratings"), Experiment("default/a", "ratings")));

    [Theory]
    [InlineData("default/a", "", true)]
    [InlineData("istio-system/a", "", true)]
    [InlineData("other/a", "", false)]
    [InlineData("default/a", "proxylessmesh.io/chaos=disabled", false)]
    [InlineData("istio-system/a", "proxylessmesh.io/chaos=disabled", false)]
    public void NoExperimentHitsAnotherNamespaceOrWhatOptedOut(string experiment, string annotations, bool expected) => Assert.Equal(
        expected,
        Fault(ProxyProfile.Mesh, Mesh.Service("reviews", annotations: annotations), Experiment(experiment, "reviews.default.svc.cluster.local")) is not null);

    private static HTTPFault? Fault(ProxyProfile profile, params MeshObject[] objects)
    {
        var routes = Translate.Routes(Mesh.Of(objects), Mesh.Client(profile: profile), "outbound|9080||reviews.default.svc.cluster.local")!;
        return routes.VirtualHosts[0].TypedPerFilterConfig.TryGetValue("envoy.filters.http.fault", out var settings) ? settings.Unpack<HTTPFault>() : null;
    }

    private static ChaosExperiment Experiment(string id, string host) => new(
        Mesh.Meta("ChaosExperiment", id), [host], new HttpFault(null, new FaultAbort(503, null, 1000)), DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
}
