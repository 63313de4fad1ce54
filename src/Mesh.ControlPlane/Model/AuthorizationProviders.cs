using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>The services that CUSTOM policies can name. Where two MeshConfigs have a name, the older one counts.</summary>
internal sealed class AuthorizationProviders
{
    private readonly Dictionary<string, AuthorizationProvider> _byName = new(StringComparer.Ordinal);

    public AuthorizationProviders(MeshSettings settings, IEnumerable<MeshObject> objects)
    {
        foreach (var provider in objects.OfType<MeshConfig>().Where(c => c.Meta.Id.Namespace == settings.RootNamespace).OldestFirst().SelectMany(c => c.Providers))
        {
            _byName.TryAdd(provider.Name, provider);
        }
    }

    public AuthorizationProvider? Find(string name) => _byName.GetValueOrDefault(name);
}
