namespace ProxylessMesh.Xds.Config;

/// <summary>An EDS resource.</summary>
internal sealed record EndpointsConfig(string Name, EquatableArray<LocalityConfig> Localities)
{
    public static EndpointsConfig Empty(string name) => new(name, []);
}
