using System.Globalization;
using Bookinfo.Launcher;

namespace Bookinfo.Tour;

/// <summary>A weighted split.</summary>
internal sealed class Canary : ITourStep
{
    private const int Count = 1000;
    private const double Expected = 10;
    private const double Tolerance = 3;

    public string Title => "90/10 canary of v1 and v2";

    public async Task<string> RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        await tour.Mesh.WriteAsync(ReviewsRoutes.File, ReviewsRoutes.Canary(), cancellationToken);
        await Poll.UntilAsync(async c => (await tour.Visitor.VisitAsync(c)).Version == "v2", TourContext.EditDeadline, cancellationToken);

        // Each call throws its own dice: one right mesh in 600 is more than three points off in a thousand calls. None is twice.
        var visits = await tour.VisitAsync(Count, cancellationToken);
        if (!IsNear(visits))
        {
            visits = await tour.VisitAsync(Count, cancellationToken);
        }

        return IsNear(visits)
            ? string.Create(CultureInfo.InvariantCulture, $"{Shares.Of(visits)} of {Count} visits")
            : throw new StepFailedException(
                string.Create(CultureInfo.InvariantCulture, $"v1 90%, v2 10%, each within {Tolerance} points"), Shares.Of(visits), tour.Bookinfo.ControlPlane.Process, tour.ProductPage);
    }

    private static bool IsNear(Visit[] visits) =>
        visits.All(v => v.Version is "v1" or "v2") && Math.Abs((100.0 * visits.Count(v => v.Version == "v2") / visits.Length) - Expected) <= Tolerance;
}
