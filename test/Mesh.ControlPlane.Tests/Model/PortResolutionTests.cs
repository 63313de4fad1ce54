using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Model;

public class PortResolutionTests
{
    [Theory]
    [InlineData("same name before all else", "http=7000,web=7001", 7002, "web", 7000)]
    [InlineData("named target", "a=7000,web=7001", null, "web", 7001)]
    [InlineData("number equals target", "a=7000,b=7002", 7002, null, 7002)]
    [InlineData("number equals port", "a=9080,b=7002", null, null, 9080)]
    [InlineData("the only one", "a=7000", 7002, null, 7000)]
    [InlineData("target, when several could be meant", "a=7000,b=7001", 7002, null, 7002)]
    [InlineData("port, when several could be meant", "a=7000,b=7001", null, null, 9080)]
    [InlineData("not listening", "", 7002, null, null)]
    public void A_registered_workload(string why, string ports, int? target, string? targetName, int? expected) =>
        Assert.Equal((why, expected), (why, Resolve(Mesh.Port(9080, target: target, targetName: targetName), Workload(ports))));

    [Fact]
    public void The_only_port_is_not_guessed_when_the_service_has_several() =>
        Assert.Equal(9080, Resolve(Mesh.Port(9080), Workload("a=7000"), Mesh.Port(9081, "other")));

    [Theory]
    [InlineData("http=7000", 7002, 7000)]
    [InlineData("other=7000", 7002, 7002)]
    [InlineData("", 7002, 7002)]
    [InlineData("", null, 9080)]
    public void A_workload_entry(string ports, int? target, int expected)
    {
        var workload = MeshWorkload.From(Mesh.WorkloadEntry("vm", Mesh.Endpoint("10.0.0.1", ports: ports)));

        Assert.Equal(expected, Resolve(Mesh.Port(9080, target: target), workload));
    }

    private static MeshWorkload Workload(string ports) => MeshWorkload.From(Mesh.Workload("w", "app=reviews", "10.0.0.1", ports));

    private static int? Resolve(ServicePort port, MeshWorkload workload, params ServicePort[] more)
    {
        var model = Mesh.Of(Mesh.Service("reviews", ports: [port, .. more]));
        return PortResolution.Resolve(model.Services.Lookup("reviews", 9080, "default")!, port, workload);
    }
}
