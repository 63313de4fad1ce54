using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>Kubernetes Service, v1. How a cluster would expose it (addresses, node ports, load balancers) is nothing to a mesh.</summary>
internal static class ServiceReader
{
    private static readonly KnownFields Known = new(
        Unsupported: [],
        NotApplied: [],
        Irrelevant:
        [
            "clusterIPs", "externalIPs", "sessionAffinity", "sessionAffinityConfig", "loadBalancerIP", "loadBalancerClass",
            "loadBalancerSourceRanges", "externalTrafficPolicy", "internalTrafficPolicy", "healthCheckNodePort", "ipFamilies", "ipFamilyPolicy",
            "allocateLoadBalancerNodePorts", "publishNotReadyAddresses", "topologyKeys",
        ]);

    private static readonly KnownFields KnownOfPort = new([], [], ["nodePort"]);

    private static readonly EnumNames<bool> Transports = new(("TCP", true), ("UDP", false), ("SCTP", false));

    private static readonly EnumNames<TrafficPreference> Distributions = new(
        ("PreferClose", TrafficPreference.SameZone), ("PreferSameZone", TrafficPreference.SameZone), ("PreferSameNode", TrafficPreference.SameNode));

    private static readonly EnumNames<bool> Types = new(("ClusterIP", true), ("NodePort", true), ("LoadBalancer", true), ("ExternalName", false));

    public static MeshObject? Read(ObjectMeta meta, YamlObject spec)
    {
        if (!spec.Enum("type", Types, fallback: true))
        {
            spec.Problems.Error(
                spec.PositionOf("type"), ProblemCodes.UnsupportedField, "spec.type ExternalName is not supported yet by this version", "describe the outside host by a ServiceEntry with resolution: DNS");
            return null;
        }

        if (spec.String("clusterIP") == "None")
        {
            spec.Problems.Information(
                spec.PositionOf("clusterIP"), ProblemCodes.ServiceNote, "a headless Service: calls to its name are balanced over its workloads; names of single workloads are not known to the mesh");
        }

        spec.Read("externalName");
        var selector = spec.Labels("selector");
        var ports = Ports(spec);
        var distribution = Distribution(spec);
        spec.Close(Known);
        return new Service(meta, selector, ports) { TrafficDistribution = distribution };
    }

    private static TrafficPreference? Distribution(YamlObject spec)
    {
        if (!spec.Has("trafficDistribution"))
        {
            return null;
        }

        var value = spec.Enum("trafficDistribution", Distributions, TrafficPreference.SameZone);
        if (value == TrafficPreference.SameNode)
        {
            spec.Problems.Information(
                spec.PositionOf("trafficDistribution"), ProblemCodes.ServiceNote, "spec.trafficDistribution PreferSameNode: workloads of this mesh have no nodes; it means PreferSameZone");
        }

        return value;
    }

    private static EquatableArray<ServicePort> Ports(YamlObject spec)
    {
        var ports = new List<ServicePort>();
        var items = spec.Objects("ports");
        foreach (var item in items)
        {
            var isTcp = item.Enum("protocol", Transports, fallback: true);
            var port = Port(item, needsName: items.Count > 1);
            if (!isTcp)
            {
                item.Problems.Information(item.Position, ProblemCodes.ServiceNote, $"{item.Path}: the mesh carries TCP only; the port is left out");
            }
            else if (port is not null && PortRules.IsNew(item, port, ports))
            {
                ports.Add(port);
            }
        }

        return ports.ToEquatableArray();
    }

    private static ServicePort? Port(YamlObject item, bool needsName)
    {
        item.ReportIfMissing("port");
        var number = item.Port("port");
        var name = item.String("name") ?? "";
        if (name.Length == 0 && needsName)
        {
            item.Problems.Error(item.Position, ProblemCodes.Missing, $"{item.PathOf("name")} is missing: with several ports each needs a name");
        }
        else if (name.Length > 0 && !DnsName.IsLabel(name))
        {
            item.Problems.Error(item.PositionOf("name"), ProblemCodes.InvalidValue, $"{item.PathOf("name")} {Quoted.Of(name)} is not a port's name", "lower-case letters, digits and '-'");
        }

        var (targetNumber, targetName) = Target(item);
        var appProtocol = item.String("appProtocol");
        item.Close(KnownOfPort);
        return number is null ? null : new ServicePort(number.Value, name, PortProtocols.Of(number.Value, name, appProtocol), targetNumber, targetName, item.Position);
    }

    private static (int? Number, string? Name) Target(YamlObject item)
    {
        if (item.Read("targetPort") is YamlScalar { Type: ScalarType.Text } scalar)
        {
            if (!DnsName.IsLabel(scalar.Text) || scalar.Text.Length > 15)
            {
                item.Problems.Error(
                    scalar.Position, ProblemCodes.InvalidValue, $"{item.PathOf("targetPort")} {Quoted.Of(scalar.Text)} is neither a number nor a port's name", "a number without quotes, or a name of 15 lower-case letters, digits and '-' at most");
            }

            return (null, scalar.Text);
        }

        return (item.Port("targetPort"), null);
    }
}
