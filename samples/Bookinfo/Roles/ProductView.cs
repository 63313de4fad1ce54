namespace Bookinfo.Roles;

/// <summary>What the page shows. A part that could not be had does not take the rest with it.</summary>
internal sealed record ProductView(string Title, Section<BookDetails> Details, Section<BookReviews> Reviews)
{
    /// <summary>The first thing that is missing, or null.</summary>
    public string? FindError() => Details.Error ?? Reviews.Error ?? Reviews.Content?.RatingsError;
}
