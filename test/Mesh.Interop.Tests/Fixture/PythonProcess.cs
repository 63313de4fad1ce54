using System.Diagnostics;
using System.Globalization;
using System.Text;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.Interop.Tests.Fixture;

/// <summary>One of the scripts, alone or below <c>mesh agent</c>: lines in, lines out. Ends with this object.</summary>
internal sealed class PythonProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Task _collecting;

    private PythonProcess(Process process)
    {
        _process = process;
        _collecting = CollectAsync();
    }

    /// <summary>Standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <param name="script">File name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="bootstrap">GRPC_XDS_BOOTSTRAP; null = none.</param>
    public static PythonProcess Start(string script, IEnumerable<string> arguments, string? bootstrap = null) =>
        Run(PythonGrpc.Path, [PythonGrpc.Script(script), .. arguments], bootstrap);

    /// <param name="agent">Options of the agent.</param>
    /// <param name="script">File name.</param>
    /// <param name="arguments">Its arguments.</param>
    public static PythonProcess StartBelowAgent(IEnumerable<string> agent, string script, params string[] arguments) => Run(
        "dotnet",
        [System.IO.Path.Combine(AppContext.BaseDirectory, "mesh.dll"), "agent", .. agent, "--", PythonGrpc.Path, PythonGrpc.Script(script), .. arguments],
        bootstrap: null);

    public Task WriteAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>The next line that it says.</summary>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    public async Task<string> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Poll.Patience);
        return await _process.StandardOutput.ReadLineAsync(patience.Token)
            ?? throw new InvalidOperationException($"The process has ended.\n{Errors}");
    }

    /// <summary>SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Its exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(Poll.Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // The scripts end with their input, and an agent with its script.
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended in the middle of an order; whoever gave that was told.
        }

        try
        {
            await EndAsync();
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _collecting;
        _process.Dispose();
    }

    private static PythonProcess Run(string program, IEnumerable<string> arguments, string? bootstrap)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (bootstrap is not null)
        {
            start.Environment["GRPC_XDS_BOOTSTRAP"] = bootstrap;
        }

        return new PythonProcess(Process.Start(start)!);
    }

    private async Task CollectAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_errors)
            {
                _errors.AppendLine(line);
            }
        }
    }
}
