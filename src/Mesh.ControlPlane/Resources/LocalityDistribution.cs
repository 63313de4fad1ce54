using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Where callers of a locality are sent, in percent. Localities are <c>region/zone/subzone</c>, or <c>region/*</c> and the like.</summary>
internal sealed record LocalityDistribution(string From, EquatableArray<KeyValuePair<string, int>> To);
