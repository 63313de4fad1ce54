using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>DestinationRule (networking.istio.io).</summary>
internal static class DestinationRuleReader
{
    private static readonly KnownFields Known = new(["workloadSelector"], [], []);

    public static MeshObject? Read(ObjectMeta meta, YamlObject spec)
    {
        var host = spec.RequiredHost("host");
        var exportTo = spec.ExportTo();
        var policy = spec.Object("trafficPolicy") is { } settings ? TrafficPolicyReader.Read(settings) : null;
        var subsets = Subsets(spec);
        spec.Close(Known);
        return host is null ? null : new DestinationRule(meta, host, spec.PositionOf("host"), exportTo, policy, subsets);
    }

    private static EquatableArray<Subset> Subsets(YamlObject spec)
    {
        var subsets = new List<Subset>();
        foreach (var item in spec.Objects("subsets"))
        {
            var name = item.RequiredString("name");
            if (name is not null && !DnsName.IsLabel(name))
            {
                item.Problems.Error(item.PositionOf("name"), ProblemCodes.InvalidName, $"{item.PathOf("name")} {Quoted.Of(name)} is not a valid name", "lower-case letters, digits and '-', 63 characters at most");
            }
            else if (subsets.Find(s => s.Name == name) is { } first)
            {
                item.Problems.Error(item.PositionOf("name"), ProblemCodes.Conflict, $"{item.PathOf("name")} {Quoted.Of(name!)} stands twice (first at line {first.Position.Line})");
            }

            var labels = item.Labels("labels");
            var policy = item.Object("trafficPolicy") is { } settings ? TrafficPolicyReader.Read(settings) : null;
            item.Close(KnownFields.None);
            subsets.Add(new Subset(name ?? "", labels, policy, item.Position));
        }

        return subsets.ToEquatableArray();
    }
}
