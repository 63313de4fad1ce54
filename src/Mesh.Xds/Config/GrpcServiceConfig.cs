namespace ProxylessMesh.Xds.Config;

/// <summary>A gRPC service that a filter calls.</summary>
/// <param name="Host">Of the mesh or outside it.</param>
/// <param name="Port">Of the service.</param>
internal sealed record GrpcServiceConfig(string Host, int Port)
{
    /// <summary>Null: the caller's default.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Request headers.</summary>
    public EquatableArray<KeyValuePair<string, string>> Metadata { get; init; } = [];
}
