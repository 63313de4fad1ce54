namespace ProxylessMesh.Xds.Config;

/// <summary>Every match of an RE2 expression, anywhere in the path, becomes the substitution, in which <c>\1</c> is a group.</summary>
internal sealed record RegexRewriteConfig(string Pattern, string Substitution);
