namespace Bookinfo.Roles;

/// <summary>The answer of ratings.</summary>
/// <param name="Id">Of the book.</param>
/// <param name="Stars">By reviewer, 1 to 5.</param>
/// <param name="CalledBy">Who asked, as its certificate says.</param>
internal sealed record BookRatings(int Id, IReadOnlyDictionary<string, int> Stars, string CalledBy);
