using System.Globalization;
using Bookinfo.Launcher;

namespace Bookinfo.Tour;

/// <summary>A VirtualService with one destination.</summary>
internal sealed class AllTrafficToV1 : ITourStep
{
    private const int Count = 200;

    public string Title => "all traffic to v1";

    public async Task<string> RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        await tour.Mesh.WriteAsync(ReviewsRoutes.File, ReviewsRoutes.To("v1"), cancellationToken);
        await tour.SettleAsync("reviews v1", v => v.Version == "v1", cancellationToken);
        var visits = await tour.VisitAsync(Count, cancellationToken);
        if (visits.Any(v => v.Version != "v1"))
        {
            throw new StepFailedException("v1 100%", Shares.Of(visits), tour.Bookinfo.ControlPlane.Process, tour.ProductPage);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Shares.Of(visits)} of {Count} visits, reviews called by {visits[0].CalledBy}");
    }
}
