using Envoy.Extensions.Filters.Http.ExtAuthz.V3;
using Envoy.Service.Auth.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.ExternalAuthorization;

/// <summary>A control plane that tells the service about the route (ExtAuthzPerRoute).</summary>
public sealed class RouteOverrideTests
{
    private const string Url = "http://reviews:9080/";

    [Fact]
    public async Task The_service_decides_by_what_the_route_says()
    {
        CheckRequest? seen = null;
        await using var service = await Authorizer.OverGrpcAsync(check =>
        {
            seen = check;
            return check.Attributes.ContextExtensions.TryGetValue("tier", out var tier) && tier == "gold" ? Authorizer.Allow() : Authorizer.Deny("not gold");
        });
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("reviews")),
            ("mesh.yaml", Authorizer.MeshConfig(service.Config("sample"))),
            ("policy.yaml", Authorizer.Policy("reviews", "sample")));
        await using var plane = await TamperingControlPlane.StartAsync(mesh.Plaintext);
        plane.Tamper = response => InboundTampering.Change(response, manager => manager.Filter<ExtAuthz>((filter, _) =>
        {
            var host = manager.RouteConfig.VirtualHosts[0];
            host.TypedPerFilterConfig[filter.Name] = Settings("tier", "silver", "host", "all");
            host.Routes[0].TypedPerFilterConfig[filter.Name] = Settings("tier", "gold");
        }));
        await mesh.StartWorkloadAsync("reviews", configure: o => o.ControlPlane = plane.Address);
        var client = await mesh.StartClientAsync(o => o.ControlPlane = mesh.Plaintext);

        await client.UntilAsync(Url, _ => true);

        Assert.Equal(("gold", "all"), (seen!.Attributes.ContextExtensions["tier"], seen.Attributes.ContextExtensions["host"]));
        Assert.Empty(plane.Rejections);
    }

    private static Any Settings(params string[] extensions)
    {
        var settings = new CheckSettings();
        for (var i = 0; i < extensions.Length; i += 2)
        {
            settings.ContextExtensions[extensions[i]] = extensions[i + 1];
        }

        return Any.Pack(new ExtAuthzPerRoute { CheckSettings = settings });
    }
}
