using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Bookinfo.Launcher;

/// <summary>What runs in the watchdog's process: it reads <c>+pid</c> and <c>-pid</c>, and at the end kills those that are left and removes the run's directory.</summary>
internal static class WatchdogRole
{
    public const string Name = "watchdog";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static int Run(string runDirectory)
    {
        // A terminal sends its signals to the whole group; the watchdog has to stay until the launcher is gone.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ignore);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Ignore);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Ignore);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ignore);

        var alive = new HashSet<int>();
        while (Console.In.ReadLine() is { Length: > 1 } line)
        {
            var processId = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
            _ = line[0] == '+' ? alive.Add(processId) : alive.Remove(processId);
        }

        foreach (var processId in alive)
        {
            Kill(processId);
        }

        if (Directory.Exists(runDirectory))
        {
            Directory.Delete(runDirectory, recursive: true);
        }

        return 0;
    }

    private static void Ignore(PosixSignalContext context) => context.Cancel = true;

    private static void Kill(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill(entireProcessTree: true);
            process.WaitForExit(s_patience);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
