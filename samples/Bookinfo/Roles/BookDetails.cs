namespace Bookinfo.Roles;

/// <summary>The answer of details.</summary>
internal sealed record BookDetails(
    int Id, string Author, int Year, string Type, int Pages, string Publisher, string Language, string Isbn10, string Isbn13, string CalledBy);
