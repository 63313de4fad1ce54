namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Who gets copies of a route's requests.</summary>
/// <param name="Destination">Where to.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="Path">Of the destination, for messages about it.</param>
internal sealed record HttpMirror(HttpDestination Destination, double Percent, string Path);
