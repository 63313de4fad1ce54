namespace ProxylessMesh.Xds.Config;

/// <summary>An EDS resource.</summary>
internal sealed record EndpointsConfig(string Name, EquatableArray<LocalityConfig> Localities)
{
    public const int DefaultOverprovisioningPercent = 140;

    /// <summary>How far a priority's healthy endpoints are trusted to carry more than their share, in percent (ClusterLoadAssignment.Policy).</summary>
    public int OverprovisioningPercent { get; init; } = DefaultOverprovisioningPercent;

    /// <summary>Calls that are not to be sent at all, in this order.</summary>
    public EquatableArray<DropConfig> Drops { get; init; } = [];

    public static EndpointsConfig Empty(string name) => new(name, []);
}
