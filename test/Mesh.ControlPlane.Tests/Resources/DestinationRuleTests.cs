using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Resources;

public class DestinationRuleTests
{
    [Fact]
    public void Reads_policies_of_host_port_and_subset()
    {
        var rule = Reading.Good<DestinationRule>("""
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: "*.prod.svc.cluster.local"
              exportTo: ["*"]
              trafficPolicy:
                loadBalancer: {simple: ROUND_ROBIN}
                connectionPool: {tcp: {connectTimeout: 2s}}
                outlierDetection: {consecutive5xxErrors: 3, consecutiveGatewayErrors: 0, interval: 1s, baseEjectionTime: 1m, maxEjectionPercent: 50}
                tls: {mode: ISTIO_MUTUAL}
                portLevelSettings:
                - port: {number: 80}
                  tls: {mode: DISABLE}
              subsets:
              - name: v1
                labels: {version: v1}
              - name: v2
                labels: {version: v2}
                trafficPolicy: {loadBalancer: {simple: 2}}
            """);

        Assert.Equal("*.prod.svc.cluster.local", rule.Host);
        Assert.Equal(SimpleLoadBalancer.RoundRobin, rule.Policy!.LoadBalancer!.Simple);
        Assert.Equal(TimeSpan.FromSeconds(2), rule.Policy.ConnectionPool!.ConnectTimeout);
        var outliers = rule.Policy.OutlierDetection!;
        Assert.Equal((3, 0, 50), (outliers.Consecutive5xxErrors, outliers.ConsecutiveGatewayErrors, outliers.MaxEjectionPercent));
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)), (outliers.Interval, outliers.BaseEjectionTime));
        Assert.Equal(ClientTlsMode.IstioMutual, rule.Policy.Tls!.Mode);
        Assert.Equal((80, ClientTlsMode.Disable), (rule.Policy.Ports[0].Port, rule.Policy.Ports[0].Policy.Tls!.Mode));
        Assert.Null(rule.Policy.Ports[0].Policy.LoadBalancer);
        Assert.Equal(["v1", "v2"], rule.Subsets.Select(s => s.Name));
        Assert.Equal("v2", rule.Subsets[1].Labels.Find("version"));
        Assert.Equal(SimpleLoadBalancer.Random, rule.Subsets[1].Policy!.LoadBalancer!.Simple);
    }

    [Theory]
    [InlineData("UNSPECIFIED", SimpleLoadBalancer.LeastRequest)]
    [InlineData("LEAST_CONN", SimpleLoadBalancer.LeastRequest)]
    [InlineData("LEAST_REQUEST", SimpleLoadBalancer.LeastRequest)]
    [InlineData("RANDOM", SimpleLoadBalancer.Random)]
    [InlineData("4", SimpleLoadBalancer.RoundRobin)]
    public void Load_balancers_by_name_and_number(string text, object expected)
    {
        var rule = Reading.Good<DestinationRule>($$"""
            apiVersion: networking.istio.io/v1alpha3
            kind: DestinationRule
            metadata: {name: reviews}
            spec: {host: reviews, traffic_policy: {load_balancer: {simple: "{{text}}" } } }
            """);

        Assert.Equal(expected, rule.Policy!.LoadBalancer!.Simple);
    }
}
