using System.Diagnostics;

namespace Bookinfo.Launcher;

/// <summary>Runs a command to its end and returns what it printed.</summary>
internal static class DotnetCommand
{
    public static async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(DotnetHost.Path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new LaunchException("dotnet did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? (await output).Trim()
            : throw new LaunchException($"{string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
    }
}
