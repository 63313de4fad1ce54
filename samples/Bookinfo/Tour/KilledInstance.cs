using System.Globalization;
using Bookinfo.Launcher;

namespace Bookinfo.Tour;

/// <summary>One of two processes of v3 dies under load; retries and ejection hide it.</summary>
internal sealed class KilledInstance : ITourStep
{
    private const string Victim = "reviews-v3";
    private const string Survivor = "reviews-v3-b";
    private const int Count = 500;

    public string Title => "a v3 process killed under load";

    public async Task<string> RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        tour.Bookinfo.StartWorkload(new WorkloadSpec(Survivor, "reviews", "v3"));
        await tour.Mesh.WriteAsync(ReviewsRoutes.File, ReviewsRoutes.To("v3"), cancellationToken);
        await tour.SettleAsync("reviews v3", v => v.Version == "v3", cancellationToken);

        await using var load = Load.Start(tour, cancellationToken);
        await BothServeAsync(tour, load, cancellationToken);
        await load.AnswerAsync(Count / 5, "both lived", cancellationToken);
        var victim = tour.Bookinfo.Workloads[Victim].Process;
        var processId = victim.Id;
        var before = load.Count;
        await victim.KillAsync();
        await load.AnswerAsync(Count, $"{Victim} was killed", cancellationToken);

        // A visit that was under way may still be counted for the victim; later ones cannot be.
        var shares = load.Since(load.Count - (Count / 2)).GroupBy(v => v.Workload).Select(g => $"{g.Count()} by {g.Key}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"both served {before} visits, then SIGKILL for {Victim} (pid {processId}); {load.Count - before} visits more, 0 failed, of the last {Count / 2}: {string.Join(", ", shares)}");
    }

    private static async Task BothServeAsync(TourContext tour, Load load, CancellationToken cancellationToken)
    {
        var both = await Poll.UntilAsync(
            _ => Task.FromResult(load.Since(0).Select(v => v.Workload).Distinct().Order(StringComparer.Ordinal).SequenceEqual([Victim, Survivor])),
            TourContext.EditDeadline,
            cancellationToken);
        if (!both)
        {
            throw new StepFailedException(
                $"{Victim} and {Survivor} to share the load",
                string.Join(", ", load.Since(0).GroupBy(v => v.Workload).Select(g => $"{g.Count()} by {g.Key}")),
                tour.Bookinfo.Workloads[Survivor].Process,
                tour.Bookinfo.ControlPlane.Process);
        }
    }
}
