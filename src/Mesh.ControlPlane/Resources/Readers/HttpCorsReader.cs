using System.Buffers;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>spec.http[].corsPolicy.</summary>
internal static class HttpCorsReader
{
    private static readonly EnumNames<bool> UnmatchedPreflights = new(("UNSPECIFIED", true), ("FORWARD", true), ("IGNORE", false));

    /// <summary>RFC 9110, section 5.6.2; <c>*</c> is one of them.</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    public static HttpCors Read(YamlObject item)
    {
        var cors = new HttpCors(
            Origins(item),
            Tokens(item, "allowMethods"),
            Tokens(item, "allowHeaders"),
            Tokens(item, "exposeHeaders"),
            MaxAge(item),
            item.Bool("allowCredentials"),
            item.Enum("unmatchedPreflights", UnmatchedPreflights, fallback: true));
        item.Close(KnownFields.None);
        return cors;
    }

    private static EquatableArray<StringPredicate> Origins(YamlObject item)
    {
        if (item.Has("allowOrigins") && item.Has("allowOrigin"))
        {
            item.Problems.Error(item.PositionOf("allowOrigin"), ProblemCodes.Conflict, $"{item.Path} takes only one of allowOrigins and allowOrigin");
        }

        var position = item.PositionOf("allowOrigin");
        var deprecated = item.Strings("allowOrigin").Select(o => new StringPredicate(StringPredicateKind.Exact, o, position));
        foreach (var origin in item.Objects("allowOrigins").Where(o => o.Has("regex") && o.String("regex") == "*"))
        {
            origin.Problems.Error(origin.PositionOf("regex"), ProblemCodes.InvalidRegex, $"{origin.PathOf("regex")} \"*\" is no regular expression", "for any origin, write exact: \"*\"");
        }

        return item.Objects("allowOrigins").Select(StringPredicateReader.Predicate).OfType<StringPredicate>().Concat(deprecated).ToEquatableArray();
    }

    private static EquatableArray<string> Tokens(YamlObject item, string name)
    {
        var tokens = item.Strings(name);
        foreach (var token in tokens)
        {
            if (token.Length == 0 || token.AsSpan().ContainsAnyExcept(TokenCharacters))
            {
                item.Problems.Error(item.PositionOf(name), ProblemCodes.InvalidValue, $"{item.PathOf(name)}: {Quoted.Of(token)} is no name of a method or header");
            }
        }

        return tokens;
    }

    /// <summary>Access-Control-Max-Age counts in seconds.</summary>
    private static TimeSpan? MaxAge(YamlObject item)
    {
        var age = item.Duration("maxAge");
        if (age is { } time && time.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            item.Problems.Error(item.PositionOf("maxAge"), ProblemCodes.InvalidValue, $"{item.PathOf("maxAge")} must be whole seconds", "browsers are told a number of seconds");
        }

        return age;
    }
}
