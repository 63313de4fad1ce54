using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Resources;

public class PeerAuthenticationTests
{
    [Theory]
    [InlineData("v1")]
    [InlineData("v1beta1")]
    public void Reads_modes_of_workload_and_ports(string version)
    {
        var policy = Reading.Good<PeerAuthentication>($$"""
            apiVersion: security.istio.io/{{version}}
            kind: PeerAuthentication
            metadata: {name: reviews}
            spec:
              selector: {matchLabels: {app: reviews} }
              mtls: {mode: STRICT}
              portLevelMtls:
                9090: {mode: PERMISSIVE}
                "8080": {mode: DISABLE}
                7070: {}
            """);

        Assert.Equal("reviews", policy.Selector.Find("app"));
        Assert.Equal(MutualTlsMode.Strict, policy.Mode);
        Assert.Equal([new(7070, MutualTlsMode.Unset), new(8080, MutualTlsMode.Disable), new(9090, MutualTlsMode.Permissive)], policy.Ports);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{mtls: {}}")]
    [InlineData("{mtls: {mode: UNSET}}")]
    [InlineData("{mtls: {mode: null}}")]
    public void Without_a_mode_it_inherits(string spec)
    {
        var policy = Reading.Good<PeerAuthentication>($$"""
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: prod}
            spec: {{spec}}
            """);

        Assert.Equal(MutualTlsMode.Unset, policy.Mode);
        Assert.Equal(0, policy.Selector.Count);
    }
}
