using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>Istio's StringMatch: exactly one of exact, prefix, regex.</summary>
internal static class StringPredicateReader
{
    public static StringPredicate? Predicate(this YamlObject owner, string name)
    {
        return owner.Object(name) is { } item ? Predicate(item) : null;
    }

    public static StringPredicate? Predicate(YamlObject item)
    {
        if (!item.Has("exact") && !item.Has("prefix") && !item.Has("regex"))
        {
            item.Problems.Error(item.Position, ProblemCodes.Missing, $"{item.Path} needs one of exact, prefix and regex");
        }

        return Read(item);
    }

    /// <summary>Headers or query parameters. An empty predicate, and the regex <c>*</c>, ask for presence.</summary>
    public static EquatableArray<NamedPredicate> NamedPredicates(this YamlObject owner, string name, bool areHeaders)
    {
        var result = new List<NamedPredicate>();
        foreach (var entry in owner.Entries(name))
        {
            var path = $"{owner.PathOf(name)}.{Quoted.Escape(entry.Key)}";
            if (areHeaders)
            {
                HeaderNameRules.Check(owner.Problems, entry, path);
            }

            switch (entry.Value)
            {
                case YamlMapping map:
                    var predicate = Read(new YamlObject(map, path, owner.Problems));
                    result.Add(new NamedPredicate(entry.Key, predicate is { Kind: StringPredicateKind.Regex, Value: "*" } ? null : predicate, entry.KeyPosition));
                    break;
                case YamlScalar { Type: ScalarType.Null }:
                    result.Add(new NamedPredicate(entry.Key, null, entry.KeyPosition));
                    break;
                default:
                    owner.Problems.WrongType(entry.Value, path, "a map with exact, prefix or regex");
                    break;
            }
        }

        return result.ToEquatableArray();
    }

    private static StringPredicate? Read(YamlObject item)
    {
        StringPredicate? found = null;
        foreach (var (field, kind) in new[] { ("exact", StringPredicateKind.Exact), ("prefix", StringPredicateKind.Prefix), ("regex", StringPredicateKind.Regex) })
        {
            if (item.String(field) is not { } value)
            {
                continue;
            }

            var at = item.PositionOf(field);
            if (found is not null)
            {
                item.Problems.Error(at, ProblemCodes.Conflict, $"{item.Path} takes only one of exact, prefix and regex");
            }

            if (value.Length == 0 && kind != StringPredicateKind.Exact)
            {
                item.Problems.Error(at, ProblemCodes.InvalidValue, $"{item.PathOf(field)} is empty");
            }

            if (kind == StringPredicateKind.Regex)
            {
                CheckRegex(item, value, at);
            }

            found = new StringPredicate(kind, value, at);
        }

        item.Close(KnownFields.None);
        return found;
    }

    private static void CheckRegex(YamlObject item, string pattern, SourcePosition at)
    {
        // Istio's sign for "is there" in header matches; not a regular expression.
        if (pattern == "*")
        {
            return;
        }

        if (!LinearRegex.TryCreate(pattern, out _, out var reason))
        {
            item.Problems.Error(at, ProblemCodes.InvalidRegex, $"{item.PathOf("regex")} {Quoted.Of(pattern)}: {Quoted.Escape(reason, maxLength: 300)}", "RE2 syntax: no look-around, no back-references");
        }
    }
}
