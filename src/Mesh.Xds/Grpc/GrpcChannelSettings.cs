namespace ProxylessMesh.Xds.Grpc;

/// <summary>Limits of a channel.</summary>
internal sealed record GrpcChannelSettings
{
    /// <summary>Largest message accepted, in bytes. gRPC's default is 4 MiB; a full xDS answer may be larger, so 32 MiB.</summary>
    public int MaxReceiveMessageSize { get; init; } = 32 * 1024 * 1024;

    /// <summary>Ping after this much silence; Istio's clients use 30 s.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A ping unanswered for this long closes the connection.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of one TCP connect with its TLS handshake.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
