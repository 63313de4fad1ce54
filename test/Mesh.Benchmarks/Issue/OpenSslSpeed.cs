using System.Diagnostics;
using System.Globalization;

namespace ProxylessMesh.Benchmarks.Issue;

/// <summary><c>openssl speed</c>, one core.</summary>
internal static class OpenSslSpeed
{
    /// <summary>Signatures a second, and pairs of a signature and a verification.</summary>
    /// <param name="algorithm"><c>ecdsap256</c> or <c>rsa2048</c>.</param>
    public static async Task<(double Signatures, double Both)> RunAsync(string algorithm)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", ["speed", "-seconds", "1", algorithm])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var progress = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await progress;
        await process.WaitForExitAsync();

        // The last line ends with signatures and verifications a second.
        var words = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (sign, verify) = (double.Parse(words[^2], CultureInfo.InvariantCulture), double.Parse(words[^1], CultureInfo.InvariantCulture));
        return (sign, 1 / ((1 / sign) + (1 / verify)));
    }
}
