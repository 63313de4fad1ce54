namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>spec.http[].rewrite.</summary>
/// <param name="Uri">Replaces the matched prefix, or the whole path of any other match.</param>
/// <param name="Authority">The new Host.</param>
/// <param name="Pattern">RE2, sought in the path; not together with <paramref name="Uri"/>.</param>
/// <param name="Substitution">Of what the pattern finds; <c>\1</c> is its first group.</param>
internal sealed record HttpRewrite(string? Uri, string? Authority, string? Pattern, string Substitution);
