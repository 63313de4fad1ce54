namespace ProxylessMesh.Xds.Grpc;

/// <summary>What one call asks for.</summary>
/// <param name="Timeout">Sent as grpc-timeout and enforced here; null = none.</param>
/// <param name="Metadata">Request headers, names in lower case.</param>
internal sealed record GrpcCallOptions(TimeSpan? Timeout = null, IReadOnlyList<KeyValuePair<string, string>>? Metadata = null)
{
    public static GrpcCallOptions None { get; } = new();
}
