using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>spec.http[].directResponse. At most one of the two bodies is there.</summary>
internal sealed record HttpDirectResponse(int Status, string? Text, EquatableArray<byte> Bytes);
