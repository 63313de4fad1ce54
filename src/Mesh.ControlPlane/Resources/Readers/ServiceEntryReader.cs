using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>ServiceEntry (networking.istio.io).</summary>
internal static class ServiceEntryReader
{
    private static readonly KnownFields Known = new([], ["addresses"], []);

    private static readonly EnumNames<ServiceEntryLocation> Locations = new(
        ("MESH_EXTERNAL", ServiceEntryLocation.MeshExternal),
        ("MESH_INTERNAL", ServiceEntryLocation.MeshInternal));

    private static readonly EnumNames<ServiceEntryResolution> Resolutions = new(
        ("NONE", ServiceEntryResolution.None),
        ("STATIC", ServiceEntryResolution.Static),
        ("DNS", ServiceEntryResolution.Dns),
        ("DNS_ROUND_ROBIN", ServiceEntryResolution.DnsRoundRobin),
        ("DYNAMIC_DNS", null));

    public static MeshObject? Read(ObjectMeta meta, YamlObject spec)
    {
        var entry = new ServiceEntry(
            meta,
            spec.RequiredHosts("hosts"),
            Ports(spec),
            spec.Enum("location", Locations, ServiceEntryLocation.MeshExternal),
            spec.Enum("resolution", Resolutions, ServiceEntryResolution.None),
            Endpoints(spec),
            Selector(spec),
            spec.ExportTo())
        {
            SubjectAltNames = SubjectAltNames(spec),
        };
        ServiceEntryRules.Check(entry, spec);
        spec.Close(Known);
        return entry;
    }

    private static EquatableArray<ServicePort> Ports(YamlObject spec)
    {
        var ports = new List<ServicePort>();
        foreach (var item in spec.Objects("ports"))
        {
            item.ReportIfMissing("number");
            var number = item.Port("number");
            var name = item.RequiredString("name");
            var protocol = PortProtocol.Unspecified;
            if (item.String("protocol") is { Length: > 0 } text)
            {
                if (PortProtocols.Parse(text) is { } known)
                {
                    protocol = known;
                }
                else
                {
                    item.Problems.Error(item.PositionOf("protocol"), ProblemCodes.InvalidValue, $"{item.PathOf("protocol")} {Quoted.Of(text)} is not one of HTTP, HTTPS, GRPC, GRPC-WEB, HTTP2, MONGO, TCP, TLS");
                }
            }
            else if (number is not null && name is not null)
            {
                protocol = PortProtocols.Of(number.Value, name, appProtocol: null);
            }

            var target = item.Port("targetPort");
            item.Close(KnownFields.None);
            if (number is not null && name is not null)
            {
                var port = new ServicePort(number.Value, name, protocol, target, null, item.Position);
                if (PortRules.IsNew(item, port, ports))
                {
                    ports.Add(port);
                }
            }
        }

        return ports.ToEquatableArray();
    }

    private static EquatableArray<WorkloadEndpoint> Endpoints(YamlObject spec) =>
        spec.Objects("endpoints").Select(WorkloadEndpointReader.Read).OfType<WorkloadEndpoint>().ToEquatableArray();

    private static EquatableArray<string> SubjectAltNames(YamlObject spec)
    {
        var names = spec.Strings("subjectAltNames");
        if (names.Contains(""))
        {
            spec.Problems.Error(spec.PositionOf("subjectAltNames"), ProblemCodes.InvalidValue, $"{spec.PathOf("subjectAltNames")} has an empty name: no certificate has one");
        }

        return names;
    }

    private static EquatableMap Selector(YamlObject spec)
    {
        if (spec.Object("workloadSelector") is not { } selector)
        {
            return EquatableMap.Empty;
        }

        var labels = selector.Labels("labels");
        selector.Close(KnownFields.None);
        return labels;
    }
}
