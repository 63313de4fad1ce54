using System.Globalization;
using Bookinfo.Launcher;

namespace Bookinfo.Tour;

/// <summary>A header that only the call to productpage carries, and that steers the call behind it.</summary>
internal sealed class HeaderRouting : ITourStep
{
    private const string User = "jason";
    private const int Count = 100;

    public string Title => "end-user: jason to v2, through productpage";

    public async Task<string> RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        await tour.Mesh.WriteAsync(ReviewsRoutes.File, ReviewsRoutes.ForUser(User), cancellationToken);
        await tour.SettleAsync("reviews v1 for nobody in particular", v => v.Version == "v1", cancellationToken);
        var jason = await tour.VisitAsync(Count, cancellationToken, User);
        var others = await tour.VisitAsync(Count, cancellationToken);
        var seen = string.Create(CultureInfo.InvariantCulture, $"{Shares.Of(jason)} of {Count} visits with the header, {Shares.Of(others)} of {Count} without");
        return jason.All(v => v.Version == "v2") && others.All(v => v.Version == "v1")
            ? seen
            : throw new StepFailedException("v2 100% with the header, v1 100% without", seen, tour.Bookinfo.ControlPlane.Process, tour.ProductPage);
    }
}
