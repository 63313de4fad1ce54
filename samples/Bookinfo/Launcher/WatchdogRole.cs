using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Bookinfo.Launcher;

/// <summary>What runs in the watchdog's process: it reads <c>+pid</c> and <c>-pid</c>, and at the end kills those that are left.</summary>
internal static class WatchdogRole
{
    public const string Name = "watchdog";

    public static int Run()
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

        return 0;
    }

    private static void Ignore(PosixSignalContext context) => context.Cancel = true;

    private static void Kill(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
