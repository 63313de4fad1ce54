namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>headers of a route or of one of its destinations.</summary>
internal sealed record HttpHeaders(HeaderOperations Request, HeaderOperations Response);
