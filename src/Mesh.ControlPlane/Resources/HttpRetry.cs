using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>spec.http[].retries. Attempts 0 turns retries off.</summary>
internal sealed record HttpRetry(
    int Attempts,
    TimeSpan? PerTryTimeout,
    EquatableArray<string> RetryOn,
    bool IgnorePreviousHosts,
    TimeSpan? Backoff,
    SourcePosition Position)
{
    /// <summary>After two attempts, other localities than those tried.</summary>
    public bool RemoteLocalities { get; init; }
}
