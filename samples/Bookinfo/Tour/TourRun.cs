using System.Globalization;
using Bookinfo.Launcher;

namespace Bookinfo.Tour;

/// <summary>Runs the steps in order and says how it went.</summary>
internal static class TourRun
{
    /// <summary>For all of it, start included; what is left of a minute is for stopping.</summary>
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(55);

    private static readonly ITourStep[] s_steps =
    [
        new AllTrafficToV1(), new Canary(), new HeaderRouting(), new KilledInstance(), new StrictMutualTls(), new ControlPlaneOutage(),
    ];

    public static async Task<int> RunAsync(CancellationToken stop)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(s_deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        var doing = "start";
        try
        {
            using var mesh = new MeshFolder(SampleFolder.FindMesh());
            await using var bookinfo = new BookinfoProcesses(mesh.FullName);
            await bookinfo.StartAsync(either.Token);
            Print($"start: a control plane and {bookinfo.Workloads.Count} workloads, productpage complete", start, time);

            using var visitor = new Visitor(bookinfo.ProductPage);
            var tour = new TourContext(bookinfo, mesh, visitor);
            foreach (var step in s_steps)
            {
                doing = step.Title;
                var stepStart = time.GetTimestamp();
                try
                {
                    Print($"{step.Title}: {await step.RunAsync(tour, either.Token)}", stepStart, time);
                }
                catch (StepFailedException e)
                {
                    PrintFailure(step, e);
                    return 1;
                }
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            Console.WriteLine($"FAILED  {doing}: the tour had {s_deadline.TotalSeconds} s and was not done");
            return 1;
        }

        Print($"all {s_steps.Length} steps went as they should", start, time);
        return 0;
    }

    private static void Print(string text, long since, TimeProvider time) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ok  {text}  [{time.GetElapsedTime(since).TotalSeconds:0.0} s]"));

    private static void PrintFailure(ITourStep step, StepFailedException failure)
    {
        Console.WriteLine($"FAILED  {step.Title}");
        Console.WriteLine($"  expected: {failure.Expected}");
        Console.WriteLine($"  saw:      {failure.Seen}");
        foreach (var process in failure.Involved)
        {
            Console.WriteLine($"  the end of what {process.Name} printed:");
            Console.WriteLine(process.Tail(lines: 20));
        }
    }
}
