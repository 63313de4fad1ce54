namespace ProxylessMesh.Testing;

/// <summary>Whether openssl is on the PATH.</summary>
public static class OpenSslPresence
{
    /// <summary>Null: tests that need it run.</summary>
    public static string? SkipReason { get; } = ToolPresence.SkipReason("openssl");
}
