using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace ProxylessMesh.Benchmarks.Scale;

/// <summary><c>mesh serve</c> in a process of its own, with what it costs.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const double TicksPerSecond = 100;

    private readonly Process _process;

    private ServerProcess(Process process, IPEndPoint xds, TimeSpan start)
    {
        (_process, Xds, StartTime) = (process, xds, start);

        // Of a benchmark that is interrupted nothing stays.
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>Plaintext xDS.</summary>
    public IPEndPoint Xds { get; }

    /// <summary>From the start of the process until it listened.</summary>
    public TimeSpan StartTime { get; }

    /// <summary>Of all its cores.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            // After the name, which may hold spaces: fields 14 and 15 of proc(5), in ticks.
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return TimeSpan.FromSeconds((Parse(fields[11]) + Parse(fields[12])) / TicksPerSecond);
        }
    }

    /// <summary>What of it is in memory now, and the most that ever was, in megabytes.</summary>
    public (double Now, double Peak) Megabytes
    {
        get
        {
            var status = File.ReadAllLines($"/proc/{_process.Id}/status");
            return (Field("VmRSS:"), Field("VmHWM:"));

            double Field(string name) =>
                Parse(status.Single(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim()) / 1024;
        }
    }

    public static ServerProcess Start(string config, string data, int port)
    {
        var begun = Stopwatch.GetTimestamp();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[
            Path.Combine(AppContext.BaseDirectory, "mesh.dll"), "serve", "--config", config, "--data", data,
            "--xds-address", $"127.0.0.1:{port}", "--secure-address", "127.0.0.1:0", "--admin-address", "off", "--log-level", "Error"])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        var line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The control plane ended before it listened.");
        var address = new Uri(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        _ = process.StandardOutput.ReadToEndAsync();
        return new ServerProcess(process, IPEndPoint.Parse(address.Authority), Stopwatch.GetElapsedTime(begun));
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        _process.Dispose();
    }

    private void OnExit(object? sender, EventArgs args) => _process.Kill();

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
