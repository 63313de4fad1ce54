using System.Globalization;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>PeerAuthentication (security.istio.io).</summary>
internal static class PeerAuthenticationReader
{
    private static readonly EnumNames<MutualTlsMode> Modes = new(
        ("UNSET", MutualTlsMode.Unset),
        ("DISABLE", MutualTlsMode.Disable),
        ("PERMISSIVE", MutualTlsMode.Permissive),
        ("STRICT", MutualTlsMode.Strict));

    public static MeshObject? Read(ObjectMeta meta, YamlObject spec)
    {
        var selector = EquatableMap.Empty;
        if (spec.Object("selector") is { } item)
        {
            selector = item.Labels("matchLabels");
            item.Close(KnownFields.None);
        }

        var mode = spec.Object("mtls") is { } mtls ? Mode(mtls) : MutualTlsMode.Unset;
        var ports = Ports(spec);
        if (spec.Has("portLevelMtls") && selector.Count == 0)
        {
            spec.Problems.Error(spec.PositionOf("portLevelMtls"), ProblemCodes.Conflict, "spec.portLevelMtls needs spec.selector.matchLabels: ports belong to workloads", "add a selector");
        }

        spec.Close(KnownFields.None);
        return new PeerAuthentication(meta, selector, mode, ports);
    }

    private static MutualTlsMode Mode(YamlObject item)
    {
        var mode = item.Enum("mode", Modes, MutualTlsMode.Unset);
        item.Close(KnownFields.None);
        return mode;
    }

    private static EquatableArray<KeyValuePair<int, MutualTlsMode>> Ports(YamlObject spec)
    {
        var ports = new SortedDictionary<int, MutualTlsMode>();
        foreach (var entry in spec.Entries("portLevelMtls"))
        {
            var path = $"{spec.PathOf("portLevelMtls")}.{Quoted.Escape(entry.Key)}";
            if (!int.TryParse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            {
                spec.Problems.Error(entry.KeyPosition, ProblemCodes.InvalidValue, $"{path}: {Quoted.Of(entry.Key)} is not a port", "a number between 1 and 65535");
            }
            else if (entry.Value is YamlMapping map)
            {
                ports[port] = Mode(new YamlObject(map, path, spec.Problems));
            }
            else
            {
                spec.Problems.WrongType(entry.Value, path, "a map with mode");
            }
        }

        return ports.ToEquatableArray();
    }
}
