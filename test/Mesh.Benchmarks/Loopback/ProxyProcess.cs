using System.Diagnostics;
using System.Net.Sockets;

namespace ProxylessMesh.Benchmarks.Loopback;

/// <summary>A proxy in the foreground with a folder for its files; both are gone when this process ends in whatever way it can notice.</summary>
internal sealed class ProxyProcess : IDisposable
{
    private readonly string _folder;
    private readonly Process _process;

    private ProxyProcess(string folder, Process process)
    {
        _folder = folder;
        _process = process;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <param name="binary">Its program.</param>
    /// <param name="configure">Writes its configuration into a folder; returns its arguments.</param>
    /// <param name="hop">What it does.</param>
    public static ProxyProcess Start(string binary, Func<string, Hop, IReadOnlyList<string>> configure, Hop hop)
    {
        var folder = Directory.CreateTempSubdirectory("mesh-bench-").FullName;
        var arguments = configure(folder, hop);
        var process = new ProxyProcess(folder, Process.Start(new ProcessStartInfo(binary, arguments))!);
        process.WaitForPort(hop.Listen);
        return process;
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(5000);
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void OnExit(object? sender, EventArgs e) => Dispose();

    private void WaitForPort(int port)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var socket = new TcpClient("127.0.0.1", port);
                return;
            }
            catch (SocketException) when (!_process.HasExited && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(10))
            {
                Thread.Sleep(20);
            }
        }
    }
}
