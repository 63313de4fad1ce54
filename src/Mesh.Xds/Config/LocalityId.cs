namespace ProxylessMesh.Xds.Config;

/// <summary>Region, zone and sub-zone; empty parts are unknown.</summary>
internal readonly record struct LocalityId(string Region, string Zone, string SubZone)
{
    public override string ToString() => $"{Region}/{Zone}/{SubZone}";
}
