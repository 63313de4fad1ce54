using System.Globalization;
using Bookinfo.Launcher;

namespace Bookinfo.Tour;

/// <summary>The control plane dies and comes back under load; the apps go on with what they know.</summary>
internal sealed class ControlPlaneOutage : ITourStep
{
    private const int Count = 500;

    public string Title => "the control plane killed and restarted under load";

    public async Task<string> RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        await tour.Mesh.WriteAsync(ReviewsRoutes.File, ReviewsRoutes.To("v1"), cancellationToken);
        await tour.SettleAsync("reviews v1", v => v.Version == "v1", cancellationToken);

        await using var load = Load.Start(tour, cancellationToken);
        await tour.Bookinfo.ControlPlane.KillAsync();
        var killed = load.Count;
        await load.AnswerAsync(Count, "the control plane was gone", cancellationToken);
        var during = load.Count - killed;

        await tour.Bookinfo.ControlPlane.StartAsync(cancellationToken);
        var restarted = load.Count;
        await tour.Mesh.WriteAsync(ReviewsRoutes.File, ReviewsRoutes.To("v2"), cancellationToken);
        await tour.SettleAsync("reviews v2", v => v.Version == "v2", cancellationToken);
        await load.AnswerAsync(Count, "the control plane came back", cancellationToken);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{during} visits without it, 0 failed; {load.Count - restarted} visits since its return, 0 failed; an edit then moved all to v2");
    }
}
