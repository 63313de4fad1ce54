namespace ProxylessMesh.Xds.Config;

/// <summary>Send the caller elsewhere. What is null stays as in the request.</summary>
/// <param name="Status">301, 302, 303, 307 or 308.</param>
/// <param name="Scheme">In lower case.</param>
/// <param name="Host">May hold a port.</param>
/// <param name="Port">Replaces or adds one.</param>
/// <param name="Path">The whole path; a query string in it replaces the request's.</param>
/// <param name="Rewrite">Not together with <paramref name="Path"/>.</param>
/// <param name="StripQuery">Leave the request's query string out.</param>
internal sealed record RedirectActionConfig(
    int Status, string? Scheme, string? Host, int? Port, string? Path, PathRewriteConfig? Rewrite, bool StripQuery) : RouteActionConfig;
