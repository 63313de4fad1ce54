using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>One entry of a route's match.</summary>
internal static class HttpMatchReader
{
    private static readonly KnownFields Known = new([], ["statPrefix"], []);

    public static HttpMatch Read(YamlObject item)
    {
        var match = new HttpMatch(
            item.String("name") ?? "",
            item.Predicate("uri"),
            item.Bool("ignoreUriCase") ?? false,
            item.Predicate("scheme"),
            item.Predicate("method"),
            item.Predicate("authority"),
            item.NamedPredicates("headers", areHeaders: true),
            item.NamedPredicates("withoutHeaders", areHeaders: true),
            item.NamedPredicates("queryParams", areHeaders: false),
            item.Port("port"),
            item.Labels("sourceLabels"),
            item.String("sourceNamespace") is { Length: > 0 } ns ? ns : null,
            item.Strings("gateways"),
            item.Position);
        CheckNotStar(item, match.Uri, "uri");
        CheckNotStar(item, match.Scheme, "scheme");
        CheckNotStar(item, match.Method, "method");
        CheckNotStar(item, match.Authority, "authority");
        item.Close(Known);
        return match;
    }

    /// <summary>Only for headers does the regex <c>*</c> mean presence; elsewhere it is a mistake.</summary>
    private static void CheckNotStar(YamlObject item, StringPredicate? predicate, string name)
    {
        if (predicate is { Kind: StringPredicateKind.Regex, Value: "*" })
        {
            item.Problems.Error(predicate.Position, ProblemCodes.InvalidRegex, $"{item.PathOf(name)}.regex \"*\" is not a regular expression", "write .* to match anything");
        }
    }
}
