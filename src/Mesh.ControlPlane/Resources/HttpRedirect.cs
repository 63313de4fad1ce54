namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>spec.http[].redirect. What is null stays as in the request.</summary>
/// <param name="Uri">The whole path.</param>
/// <param name="PrefixRewrite">The part of the path that the match found; not together with <paramref name="Uri"/>.</param>
/// <param name="Authority">Host.</param>
/// <param name="Port">Of the host.</param>
/// <param name="FromRequestPort">The port of the request, said explicitly.</param>
/// <param name="Scheme">http or https.</param>
/// <param name="Code">301, 302, 303, 307 or 308.</param>
internal sealed record HttpRedirect(
    string? Uri, string? PrefixRewrite, string? Authority, int? Port, bool FromRequestPort, string? Scheme, int Code);
