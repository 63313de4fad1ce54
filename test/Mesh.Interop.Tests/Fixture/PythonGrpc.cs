using System.ComponentModel;
using System.Diagnostics;

namespace ProxylessMesh.Interop.Tests.Fixture;

/// <summary>A Python that has gRPC. CI installs it, so there nothing is skipped: its absence is a failure.</summary>
internal static class PythonGrpc
{
    private const string Install = "apt-get install python3-grpcio";

    // A Python that somebody built himself hides Debian's on the PATH and knows none of its packages.
    private static readonly string? s_path = new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(HasGrpc);

    public static string Path => s_path ?? throw new InvalidOperationException($"No Python with gRPC is installed: {Install}");

    /// <summary>Null: tests that need it run.</summary>
    public static string? SkipReason { get; } =
        s_path is not null || Environment.GetEnvironmentVariable("CI") == "true" ? null : $"no Python with gRPC is installed: {Install}";

    public static string Script(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Python", name);

    private static bool HasGrpc(string python)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import grpc"]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
