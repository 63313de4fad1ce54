namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>A share of a route. Weight 0 in a list of one means all.</summary>
internal sealed record HttpDestination(string Host, string? Subset, int? Port, int Weight, SourcePosition Position);
