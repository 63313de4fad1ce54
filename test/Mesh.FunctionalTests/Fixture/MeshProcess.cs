using System.Diagnostics;
using System.Text;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>The command <c>mesh</c>, or <c>mesh-sidecar</c>, as a process of its own; killed with this object.</summary>
internal sealed class MeshProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly Task<string> _output;
    private readonly Task _errors;

    private MeshProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = CollectAsync();
    }

    /// <summary>Standard error so far.</summary>
    public string Error
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    public static MeshProcess Start(params string[] args) => StartProgram("mesh.dll", args);

    public static MeshProcess StartSidecar(params string[] args) => StartProgram("mesh-sidecar.dll", args);

    private static MeshProcess StartProgram(string program, string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program));
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        return new MeshProcess(Process.Start(start)!);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] args)
    {
        await using var process = Start(args);
        return await process.EndAsync();
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task<(int Exit, string Output, string Error)> EndAsync()
    {
        using var limit = new CancellationTokenSource(Poll.Patience);
        await _process.WaitForExitAsync(limit.Token);
        await _errors;
        return (_process.ExitCode, await _output, Error);
    }

    /// <summary>SIGTERM, as an orchestrator sends it.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>SIGKILL: no time to say goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // With what it started: an app that outlives its agent would keep these pipes open for ever.
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await Task.WhenAll(_output, _errors).WaitAsync(Poll.Patience);
        _process.Dispose();
    }

    private async Task CollectAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_error)
            {
                _error.AppendLine(line);
            }
        }
    }
}
