using System.Buffers;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>match of a rate limit.</summary>
internal static class LimitMatchReader
{
    private static readonly SearchValues<char> MethodCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static LimitMatch Read(YamlObject owner)
    {
        if (owner.Object("match") is not { } item)
        {
            return LimitMatch.Everything;
        }

        var path = item.Predicate("path");
        if (path is { Kind: not StringPredicateKind.Regex } && !path.Value.StartsWith('/'))
        {
            item.Problems.Error(path.Position, ProblemCodes.InvalidValue, $"{item.PathOf("path")} {Quoted.Of(path.Value)} does not begin with /: no path matches");
        }

        if (path is { Kind: StringPredicateKind.Regex, Value: "*" })
        {
            item.Problems.Error(path.Position, ProblemCodes.InvalidRegex, $"{item.PathOf("path")}.regex \"*\" is not a regular expression", "leave path away to match anything");
        }

        var methods = item.Strings("methods");
        foreach (var method in methods)
        {
            // RFC 9110, section 9.1: a token, and its case counts.
            if (method.Length == 0 || method.AsSpan().ContainsAnyExcept(MethodCharacters))
            {
                item.Problems.Error(item.PositionOf("methods"), ProblemCodes.InvalidValue, $"{item.PathOf("methods")}: {Quoted.Of(method)} is not a method");
            }
        }

        var headers = item.NamedPredicates("headers", areHeaders: true);
        item.Close(KnownFields.None);
        return new LimitMatch(path, methods, headers);
    }
}
