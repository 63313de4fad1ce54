using System.Diagnostics;

namespace Bookinfo.Launcher;

/// <summary>A process of this run: what it prints goes to a log file, and it never outlives the launcher.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Watchdog _watchdog;
    private readonly StreamWriter _log;
    private readonly string _logFile;
    private readonly Task _output;

    private ChildProcess(string name, Process process, string logFile, Watchdog watchdog)
    {
        Name = name;
        _process = process;
        _watchdog = watchdog;
        _logFile = logFile;
        _log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        _output = Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static ChildProcess Start(
        string name, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, string workingDirectory, string logFile, Watchdog watchdog)
    {
        var start = new ProcessStartInfo(DotnetHost.Path, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var process = Process.Start(start) ?? throw new LaunchException($"{name} did not start.");
        watchdog.Add(process.Id);
        return new ChildProcess(name, process, logFile, watchdog);
    }

    /// <summary>SIGKILL: no time to say goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _watchdog.Remove(_process.Id);
    }

    /// <summary>The end of what it has printed.</summary>
    public string Tail(int lines)
    {
        using var reader = new StreamReader(new FileStream(_logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return string.Join(Environment.NewLine, reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(lines).Select(l => $"    {l.TrimEnd()}"));
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _output;
        await _log.DisposeAsync();
        _process.Dispose();
    }

    private async Task CopyAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_log)
            {
                _log.WriteLine(line);
            }
        }
    }
}
