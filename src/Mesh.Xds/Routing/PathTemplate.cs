namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// A path template (Envoy, UriTemplateMatchConfig): <c>*</c> or <c>{name}</c> is one segment that is not empty, <c>**</c> or
/// <c>{name=**}</c> is any text, as the last operator. Unlike Envoy's, operators take any character: a rule that denies
/// <c>/admin/**</c> must not miss <c>/admin/a*b</c>.
/// </summary>
internal sealed class PathTemplate
{
    private readonly string[] _literals;
    private readonly bool _endsInAny;

    private PathTemplate(string[] literals, bool endsInAny)
    {
        _literals = literals;
        _endsInAny = endsInAny;
    }

    /// <summary>The text that every matching path begins with.</summary>
    public string Prefix => _literals[0];

    /// <summary>What is wrong with a template, or null.</summary>
    public static string? Problem(string template) => Parse(template, out _);

    /// <summary>Compiles what a decoder has accepted.</summary>
    /// <exception cref="FormatException">The template is not valid.</exception>
    public static PathTemplate Create(string template) =>
        Parse(template, out var compiled) is { } problem ? throw new FormatException($"{template} {problem}") : compiled!;

    public bool Matches(ReadOnlySpan<char> path)
    {
        var last = _literals.Length - 1;
        for (var i = 0; i < last; i++)
        {
            if (!path.StartsWith(_literals[i], StringComparison.Ordinal))
            {
                return false;
            }

            path = path[_literals[i].Length..];
            if (_endsInAny && i == last - 1)
            {
                return path.EndsWith(_literals[last], StringComparison.Ordinal);
            }

            var slash = path.IndexOf('/');
            var segment = slash < 0 ? path.Length : slash;
            if (segment == 0)
            {
                return false;
            }

            path = path[segment..];
        }

        return path.Equals(_literals[last], StringComparison.Ordinal);
    }

    private static string? Parse(string template, out PathTemplate? compiled)
    {
        compiled = null;
        if (!template.StartsWith('/'))
        {
            return "must begin with /";
        }

        var literals = new List<string>();
        var literal = "";
        var endsInAny = false;
        var segments = template.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            literal += i == 0 ? "" : "/";
            var segment = segments[i];
            if (segment.AsSpan().IndexOfAny("*{}") < 0)
            {
                literal += CanonicalPath.Of(segment);
                continue;
            }

            if (Operator(segment) is not { } isAny)
            {
                return $"has the segment {segment}: an operator stands alone in its segment, as *, **, {{name}}, {{name=*}} or {{name=**}}";
            }

            if (endsInAny)
            {
                return "has an operator after **, which must be the last";
            }

            literals.Add(literal);
            literal = "";
            endsInAny = isAny;
        }

        literals.Add(literal);
        compiled = new PathTemplate([.. literals], endsInAny);
        return null;
    }

    /// <summary>Whether it takes any text; null: it is no operator.</summary>
    private static bool? Operator(string segment)
    {
        if (segment is "*" or "**")
        {
            return segment.Length == 2;
        }

        if (segment.Length < 3 || segment[0] != '{' || segment[^1] != '}')
        {
            return null;
        }

        var (name, pattern) = segment[1..^1].Split('=') switch
        {
            [var alone] => (alone, "*"),
            [var named, var given] => (named, given),
            _ => ("", ""),
        };
        var isName = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        return isName && (pattern is "*" or "**") ? pattern.Length == 2 : null;
    }
}
