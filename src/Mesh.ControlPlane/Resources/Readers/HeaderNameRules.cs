using System.Buffers;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>Header names in matches: tokens (RFC 9110, section 5.1) in lower case, as HTTP/2 carries them.</summary>
internal static class HeaderNameRules
{
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz");

    /// <summary>A token in any case.</summary>
    public static bool IsName(string name) =>
        name.Length > 0 && name.ToLowerInvariant().AsSpan().IndexOfAnyExcept(TokenCharacters) < 0;

    public static void Check(ProblemList problems, YamlEntry entry, string path)
    {
        if (entry.Key.StartsWith("@request.auth.", StringComparison.Ordinal))
        {
            problems.Error(entry.KeyPosition, ProblemCodes.UnsupportedField, $"{path}: matching on a token's claims is not supported yet by this version");
            return;
        }

        if (entry.Key.Length > 0 && entry.Key.AsSpan().IndexOfAnyExcept(TokenCharacters) < 0)
        {
            return;
        }

        var lower = entry.Key.ToLowerInvariant();
        var hint = lower.Length > 0 && lower.AsSpan().IndexOfAnyExcept(TokenCharacters) < 0 ? $"write {lower}" : "paths, methods and hosts have fields of their own: uri, method, authority";
        problems.Error(entry.KeyPosition, ProblemCodes.InvalidName, $"{path}: {Quoted.Of(entry.Key)} is not a header name in lower case", hint);
    }
}
