namespace ProxylessMesh.Xds.Config;

/// <summary>Answer without an upstream.</summary>
internal sealed record DirectResponseActionConfig(int Status, string Body) : RouteActionConfig
{
    /// <summary>A body that is no text; then <see cref="Body"/> is empty.</summary>
    public EquatableArray<byte> Bytes { get; init; }
}
