using System.Diagnostics;

namespace ProxylessMesh.Testing;

/// <summary>One run of a foreign program.</summary>
public static class ToolRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Its exit code and all that it wrote, both outputs in one.</summary>
    /// <param name="tool">A name for <see cref="ToolPresence.Find"/>.</param>
    /// <param name="input">What it reads; its input ends then.</param>
    /// <param name="arguments">One by one.</param>
    public static async Task<(int ExitCode, string Output)> RunAsync(string tool, string input, params string[] arguments)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var process = Process.Start(new ProcessStartInfo(ToolPresence.Find(tool) ?? tool, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already; what it wrote says why.
        }

        try
        {
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{tool} {string.Join(' ', arguments)} has not ended within {Patience.TotalSeconds} s.");
        }
    }
}
