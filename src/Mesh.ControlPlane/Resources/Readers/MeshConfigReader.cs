using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>MeshConfig: the extension providers of Istio's, in its own words.</summary>
internal static class MeshConfigReader
{
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

        spec.Close(KnownFields.None);
        return new MeshConfig(meta, providers.ToEquatableArray());
    }
}
