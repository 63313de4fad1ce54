using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>trafficPolicy of a host, a subset or a port.</summary>
internal static class TrafficPolicyReader
{
    private static readonly KnownFields Known = new(["tunnel", "proxyProtocol"], [], []);

    public static TrafficPolicy Read(YamlObject item)
    {
        var ports = new List<PortTrafficPolicy>();
        foreach (var port in item.Objects("portLevelSettings"))
        {
            if (PortLevel(port) is not { } setting)
            {
                continue;
            }

            if (ports.Exists(p => p.Port == setting.Port))
            {
                port.Problems.Error(port.Position, ProblemCodes.Conflict, $"{port.Path}: port {setting.Port} stands twice");
            }

            ports.Add(setting);
        }

        var policy = Blocks(item) with { Ports = ports.ToEquatableArray() };
        item.Close(Known);
        return policy;
    }

    private static PortTrafficPolicy? PortLevel(YamlObject item)
    {
        int? number = null;
        if (item.RequiredObject("port") is { } selector)
        {
            selector.ReportIfMissing("number");
            number = selector.Port("number");
            selector.Close(KnownFields.None);
        }

        var blocks = Blocks(item);
        item.Close(Known);
        return number is null ? null : new PortTrafficPolicy(number.Value, blocks, item.Position);
    }

    private static TrafficPolicy Blocks(YamlObject item) => new(
        item.Object("loadBalancer") is { } balancer ? LoadBalancerReader.Read(balancer) : null,
        item.Object("connectionPool") is { } pool ? ConnectionPoolReader.Read(pool) : null,
        item.Object("outlierDetection") is { } outliers ? OutlierDetectionReader.Read(outliers) : null,
        item.Object("tls") is { } tls ? ClientTlsReader.Read(tls) : null,
        [])
    {
        RetryBudget = item.Object("retryBudget") is { } budget ? RetryBudgetReader.Read(budget) : null,
    };
}
