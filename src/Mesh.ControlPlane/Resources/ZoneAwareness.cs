namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>loadBalancer.zoneAwareLbSetting that is enabled.</summary>
/// <param name="MinClusterSize">With fewer healthy endpoints all zones are used alike; null: 6.</param>
internal sealed record ZoneAwareness(int? MinClusterSize);
