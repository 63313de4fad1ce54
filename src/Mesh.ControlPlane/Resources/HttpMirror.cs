namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Who gets copies of a route's requests.</summary>
/// <param name="Destination">Where to.</param>
/// <param name="PerMillion">Which share of them.</param>
/// <param name="Path">Of the destination, for messages about it.</param>
internal sealed record HttpMirror(HttpDestination Destination, int PerMillion, string Path);
