namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>A share of a route. Weight 0 in a list of one means all.</summary>
internal sealed record HttpDestination(string Host, string? Subset, int? Port, int Weight, SourcePosition Position)
{
    /// <summary>For messages about the host.</summary>
    public SourcePosition HostPosition { get; init; } = Position;

    /// <summary>Changes of messages to and from this destination alone.</summary>
    public HttpHeaders? Headers { get; init; }

    /// <summary>For messages about the subset.</summary>
    public SourcePosition SubsetPosition { get; init; } = Position;
}
