using System.Diagnostics;
using System.Globalization;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.ControlPlane.Registry;

namespace ProxylessMesh.Benchmarks.Scale;

/// <summary>What it takes until many workloads are registered, as after a restart: each must cost what the first did.</summary>
internal static class RegistrationScale
{
    /// <summary>A push looks at all of them as often.</summary>
    private const int BetweenPushes = 100;

    public static IReadOnlyList<Verdict> Run(int[] crowds, int services, TextWriter output)
    {
        Register(crowds[0], services);
        var each = crowds.Select(crowd =>
        {
            var (register, remove) = Enumerable.Range(0, 3).Select(_ => Register(crowd, services)).MinBy(t => t.Register);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  registering {crowd}: {register.TotalMilliseconds:0} ms, removing them: {remove.TotalMilliseconds:0} ms; a push after every {BetweenPushes}"));
            return register / crowd;
        }).ToArray();
        return [new Verdict("scale-registration-of-many", each[^1] / each[0], " times that of few", 3, AtLeast: false)];
    }

    private static (TimeSpan Register, TimeSpan Remove) Register(int crowd, int services)
    {
        var workloads = Enumerable.Range(0, crowd).Select(i => ScaledNodes.Workload(i, services)).ToArray();
        var registry = new WorkloadRegistry();
        var start = Stopwatch.GetTimestamp();
        var registrations = workloads.Select((workload, i) =>
        {
            var registration = registry.Register(workload);
            if (i % BetweenPushes == 0)
            {
                GC.KeepAlive(registry.Current);
            }

            return registration;
        }).ToArray();
        var registered = Stopwatch.GetTimestamp();
        foreach (var registration in registrations)
        {
            registration.Dispose();
        }

        return (Stopwatch.GetElapsedTime(start, registered), Stopwatch.GetElapsedTime(registered));
    }
}
