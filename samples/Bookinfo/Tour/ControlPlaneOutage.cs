using System.Globalization;
using Bookinfo.Launcher;

namespace Bookinfo.Tour;

/// <summary>
/// The control plane dies and comes back under load: the apps go on with what they know, and even one that is restarted meanwhile
/// starts with the identity and the configuration that it had.
/// </summary>
internal sealed class ControlPlaneOutage : ITourStep
{
    private const string User = "jason";
    private const string Restarted = "reviews-v2";
    private const int Count = 500;

    public string Title => "the control plane killed and restarted under load";

    public async Task<string> RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        await tour.Mesh.WriteAsync(ReviewsRoutes.File, ReviewsRoutes.ForUser(User), cancellationToken);
        await tour.SettleAsync("reviews v2 for jason", v => v.Version == "v2", cancellationToken, User);

        await using var load = Load.Start(tour, cancellationToken);
        await tour.Bookinfo.ControlPlane.KillAsync();
        var killed = load.Count;
        await load.AnswerAsync(Count, "the control plane was gone", cancellationToken);
        var restart = await RestartWorkloadAsync(tour, cancellationToken);
        await load.AnswerAsync(Count, $"{Restarted} was restarted without a control plane", cancellationToken);
        var during = load.Count - killed;

        await tour.Bookinfo.ControlPlane.StartAsync(cancellationToken);
        var back = load.Count;
        await tour.Mesh.WriteAsync(ReviewsRoutes.File, ReviewsRoutes.To("v2"), cancellationToken);
        await tour.SettleAsync("reviews v2", v => v.Version == "v2", cancellationToken);
        await load.AnswerAsync(Count, "the control plane came back", cancellationToken);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{during} visits without it, 0 failed; {Restarted}, restarted meanwhile, served {User} with stars {restart.TotalSeconds:0.0} s later; {load.Count - back} visits since it is back, 0 failed; an edit then moved all to v2");
    }

    /// <summary>Only jason's visits go to it, so that its own pause is no failure of the load; a visit with stars needs ratings, too.</summary>
    private static async Task<TimeSpan> RestartWorkloadAsync(TourContext tour, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        await tour.Bookinfo.RestartWorkloadAsync(Restarted);
        var last = Visit.Failed("nothing yet");
        var served = await Poll.UntilAsync(
            async cancel => (last = await tour.Visitor.VisitAsync(cancel, User)) is { Succeeded: true, Workload: Restarted, RatingsCalledBy: not null },
            TourContext.StartDeadline,
            cancellationToken);
        if (!served)
        {
            throw new StepFailedException(
                $"{Restarted} to serve {User} with stars after a restart without a control plane",
                last.Error ?? $"{last.Workload}, ratings called by {last.RatingsCalledBy ?? "nobody"}",
                tour.Bookinfo.Workloads[Restarted].Process,
                tour.ProductPage);
        }

        return TimeProvider.System.GetElapsedTime(start);
    }
}
