namespace Bookinfo.Tour;

/// <summary>One thing that the mesh does, shown.</summary>
internal interface ITourStep
{
    string Title { get; }

    /// <summary>Shows it and says in numbers what was seen.</summary>
    /// <exception cref="StepFailedException">Something else was seen than expected.</exception>
    Task<string> RunAsync(TourContext tour, CancellationToken cancellationToken);
}
