using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ProxylessMesh.ControlPlane.Agent;

/// <summary>The app that an agent runs; it has the agent's standard streams.</summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int Kill = 9;

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <exception cref="IOException">There is no such program, or it may not be run.</exception>
    public static ChildProcess Start(IReadOnlyList<string> command, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false };
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return new ChildProcess(Process.Start(start) ?? throw new IOException($"{command[0]} was not started"));
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"{command[0]} cannot be run: {e.Message}", e);
        }
    }

    /// <summary>Its exit code; 128 and the number for one that a signal ended, as in a shell.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return _process.ExitCode;
    }

    /// <summary>Does nothing when it has ended.</summary>
    public void Signal(int number)
    {
        if (!_process.HasExited)
        {
            // Fails only when it ended this moment.
            _ = SendSignal(_process.Id, number);
        }
    }

    public void End() => Signal(Kill);

    public void Dispose() => _process.Dispose();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int number);
}
