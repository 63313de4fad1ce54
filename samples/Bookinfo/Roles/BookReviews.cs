namespace Bookinfo.Roles;

/// <summary>The answer of reviews.</summary>
/// <param name="Id">Of the book.</param>
/// <param name="Version">Which version answered.</param>
/// <param name="Workload">Which process answered.</param>
/// <param name="CalledBy">Who asked, as its certificate says.</param>
/// <param name="StarColour">Null: this version shows no stars.</param>
/// <param name="Reviews">By reader.</param>
/// <param name="RatingsCalledBy">Who ratings saw as its caller; null when it was not asked.</param>
/// <param name="RatingsError">Why there are no stars though there should be.</param>
internal sealed record BookReviews(
    int Id,
    string Version,
    string Workload,
    string CalledBy,
    string? StarColour,
    IReadOnlyList<Review> Reviews,
    string? RatingsCalledBy,
    string? RatingsError);
