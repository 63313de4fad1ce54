namespace Bookinfo.Roles;

/// <summary>One reader's opinion; stars only where the version of reviews shows them.</summary>
internal sealed record Review(string Reviewer, string Text, int? Stars);
