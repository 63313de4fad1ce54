using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>Sidecar (networking.istio.io): what of it means something without a sidecar.</summary>
internal static class SidecarReader
{
    private static readonly KnownFields Known = new(["inboundConnectionPool"], [], []);

    private static readonly KnownFields KnownOfEgress = new(["port", "bind", "captureMode"], [], []);

    private static readonly KnownFields KnownOfIngress = new(["port", "bind", "captureMode", "defaultEndpoint", "tls", "connectionPool"], [], []);

    private static readonly KnownFields KnownOfPolicy = new(["egressProxy"], [], []);

    private static readonly EnumNames<OutboundTrafficMode> Modes = new(
        ("REGISTRY_ONLY", OutboundTrafficMode.RegistryOnly),
        ("ALLOW_ANY", OutboundTrafficMode.AllowAny));

    public static MeshObject? Read(ObjectMeta meta, YamlObject spec)
    {
        var selector = EquatableMap.Empty;
        if (spec.Object("workloadSelector") is { } item)
        {
            selector = item.Labels("labels");
            item.Close(KnownFields.None);
        }

        var hosts = spec.Objects("egress").SelectMany(item => Egress(item)).ToEquatableArray();
        var mode = Mode(spec);
        if (hosts.Count == 0 && mode is null && !spec.Has("ingress") && !spec.Has("egress"))
        {
            spec.Problems.Error(spec.Position, ProblemCodes.Missing, "spec says nothing: give egress or outboundTrafficPolicy");
        }

        foreach (var ingress in spec.Objects("ingress"))
        {
            ingress.Close(KnownOfIngress);
        }

        spec.Close(Known);
        return new Sidecar(meta, selector, hosts, mode);
    }

    private static OutboundTrafficMode? Mode(YamlObject spec)
    {
        if (spec.Object("outboundTrafficPolicy") is not { } policy)
        {
            return null;
        }

        // Absent, it is the first value of the enumeration, as proto3 has it.
        var mode = policy.Enum("mode", Modes, OutboundTrafficMode.RegistryOnly);
        policy.Close(KnownOfPolicy);
        return mode;
    }

    private static EquatableArray<string> Egress(YamlObject item)
    {
        var hosts = item.Strings("hosts");
        if (hosts.Count == 0 && !KnownOfEgress.Unsupported.Any(item.Has))
        {
            item.Problems.Error(item.PositionOf("hosts"), ProblemCodes.Missing, $"{item.PathOf("hosts")} is missing: at least one namespace/host");
        }

        foreach (var host in hosts)
        {
            if (host.Split('/') is not [{ Length: > 0 }, { Length: > 0 } name] || name.LastIndexOf('*') > 0)
            {
                item.Problems.Error(
                    item.PositionOf("hosts"), ProblemCodes.InvalidValue, $"{item.PathOf("hosts")}: {Quoted.Of(host)} is not of the form namespace/host", "such as \"./*\", \"prod/reviews.prod.svc.cluster.local\" or \"~/*\"");
            }
        }

        item.Close(KnownOfEgress);
        return hosts;
    }
}
