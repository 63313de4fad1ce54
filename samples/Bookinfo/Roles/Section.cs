namespace Bookinfo.Roles;

/// <summary>A part of a page: either content or the reason why there is none.</summary>
internal sealed record Section<T>(T? Content, string? Error) where T : class;
