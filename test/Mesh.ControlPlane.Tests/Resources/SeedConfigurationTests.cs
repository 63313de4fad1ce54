using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Tests.Resources;

/// <summary>Objects as Istio's users write them in courses and notes: they load as they are.</summary>
public class SeedConfigurationTests
{
    [Fact]
    public void Configuration_written_for_Istio_loads_without_an_error()
    {
        var snapshot = ConfigLoader.Load(Path.Combine(AppContext.BaseDirectory, "TestData", "Seeds"), new MeshSettings(), TimeProvider.System);

        Assert.DoesNotContain(snapshot.Problems, p => p.Severity == ProblemSeverity.Error);
        Assert.Equal(
            [
                "DestinationRule default/fleetman-webapp",
                "DestinationRule default/grouping-rules-for-our-photograph-canary-release",
                "DestinationRule default/reviews-destination",
                "DestinationRule default/shop-backend",
                "DestinationRule default/staff-circuit-breaker",
                "Gateway default/ingress-gateway-configuration",
                "Gateway some-config-namespace/my-gateway",
                "PeerAuthentication default/default",
                "Service default/fleetman-staff-service",
                "Service default/fleetman-webapp",
                "Service default/shop-backend",
                "Service prod/reviews",
                "ServiceEntry default/photo-archive",
                "VirtualService default/a-set-of-routing-rules-we-can-call-this-anything",
                "VirtualService default/fleetman-webapp",
                "VirtualService default/fleetman-webapp-dark-release",
                "VirtualService default/fleetman-webapp-paths",
                "VirtualService default/reviews-route",
                "VirtualService default/shop-backend",
            ],
            snapshot.Objects.Select(o => o.Meta.Id.ToString()));
    }
}
