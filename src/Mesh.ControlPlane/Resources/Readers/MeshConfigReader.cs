using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>MeshConfig: what of Istio's can change while the mesh runs, in its own words.</summary>
internal static class MeshConfigReader
{
    private static readonly EnumNames<PathNormalization> PathModes = new(
        ("DEFAULT", PathNormalization.Base),
        ("NONE", PathNormalization.None),
        ("BASE", PathNormalization.Base),
        ("MERGE_SLASHES", PathNormalization.MergeSlashes),
        ("DECODE_AND_MERGE_SLASHES", PathNormalization.DecodeAndMergeSlashes));

    private static readonly EnumNames<OutboundTrafficMode> OutboundModes = new(
        ("REGISTRY_ONLY", OutboundTrafficMode.RegistryOnly),
        ("ALLOW_ANY", OutboundTrafficMode.AllowAny));

    public static MeshObject? Read(ObjectMeta meta, YamlObject spec)
    {
        var providers = new List<AuthorizationProvider>();
        foreach (var item in spec.Objects("extensionProviders"))
        {
            if (AuthorizationProviderReader.Read(item) is not { } provider)
            {
                continue;
            }

            if (providers.Exists(p => p.Name == provider.Name))
            {
                item.Problems.Error(item.PositionOf("name"), ProblemCodes.Conflict, $"{item.PathOf("name")} {Quoted.Of(provider.Name)} stands twice in the list");
            }

            providers.Add(provider);
        }

        var config = new MeshConfig(meta, providers.ToEquatableArray())
        {
            PathNormalization = Mode(spec, "pathNormalization", "normalization", PathModes, PathNormalization.Base),
            MutualTls = MeshTlsReader.Read(spec, "meshMTLS"),
            TlsDefaults = MeshTlsReader.Read(spec, "tlsDefaults"),
            OutboundTraffic = Mode(spec, "outboundTrafficPolicy", "mode", OutboundModes, OutboundTrafficMode.RegistryOnly),
            ProtocolDetectionTimeout = spec.Duration("protocolDetectionTimeout", orZero: true),
        };
        spec.Close(KnownFields.None);
        return config;
    }

    /// <param name="spec">The MeshConfig.</param>
    /// <param name="field">An object of one field.</param>
    /// <param name="name">That field.</param>
    /// <param name="modes">Its values.</param>
    /// <param name="first">The first value of the enumeration, which an object without the field has in proto3.</param>
    private static T? Mode<T>(YamlObject spec, string field, string name, EnumNames<T> modes, T first)
        where T : struct
    {
        if (spec.Object(field) is not { } item)
        {
            return null;
        }

        var mode = item.Enum(name, modes, first);
        item.Close(KnownFields.None);
        return mode;
    }
}
