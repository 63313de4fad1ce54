namespace ProxylessMesh.Testing;

/// <summary>Whether openssl is on the PATH. CI installs it, so there nothing is skipped: its absence is a failure.</summary>
public static class OpenSslPresence
{
    /// <summary>Null: tests that need it run.</summary>
    public static string? SkipReason { get; } = InCi() || OnPath() ? null : "openssl is not installed: apt-get install openssl";

    private static bool InCi() => Environment.GetEnvironmentVariable("CI") == "true";

    private static bool OnPath() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(directory => File.Exists(Path.Combine(directory, "openssl")) || File.Exists(Path.Combine(directory, "openssl.exe")));
}
