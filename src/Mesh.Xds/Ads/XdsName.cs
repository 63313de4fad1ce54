namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// A resource's name as it is sent, kept and compared. Plain names stand for themselves; of
/// <c>xdstp://authority/type/id?key=value</c> (gRFC A47, xDS proposal TP1) all spellings become one.
/// </summary>
/// <param name="Text">In the one form.</param>
/// <param name="Authority">Null: a plain name.</param>
/// <param name="Problem">Why nobody can be asked for it, or null.</param>
internal readonly record struct XdsName(string Text, string? Authority, string? Problem)
{
    private const string Scheme = "xdstp:";
    private const string TypePrefix = "type.googleapis.com/";

    /// <summary>Whether the name, or a template of names, belongs to an authority.</summary>
    public static bool HasAuthority(string name) => name.StartsWith(Scheme, StringComparison.Ordinal);

    /// <summary>Never throws.</summary>
    public static XdsName Parse(string typeUrl, string name)
    {
        if (!HasAuthority(name))
        {
            return new(name, null, null);
        }

        if (Split(name) is not { } parts)
        {
            return new(name, "", "is not of the form xdstp://authority/type/id");
        }

        var type = typeUrl.StartsWith(TypePrefix, StringComparison.Ordinal) ? typeUrl[TypePrefix.Length..] : typeUrl;
        return new(parts.ToString(), parts.Authority, parts.Type == type ? null : $"names a \"{parts.Type}\", and a \"{type}\" is asked for");
    }

    /// <summary>The one form of a name that came from elsewhere; what is no name of an authority comes back as it is.</summary>
    public static string Normalize(string name) => HasAuthority(name) && Split(name) is { } parts ? parts.ToString() : name;

    private static Parts? Split(string name)
    {
        var rest = name.AsSpan(Scheme.Length);
        if (!rest.StartsWith("//"))
        {
            return null;
        }

        rest = rest[2..];

        // What follows # says what to do with the resource, not which it is.
        rest = rest.IndexOf('#') is >= 0 and var fragment ? rest[..fragment] : rest;
        var query = rest.IndexOf('?') is >= 0 and var mark ? rest[(mark + 1)..] : default;
        rest = rest[..^(query.IsEmpty ? rest.EndsWith('?') ? 1 : 0 : query.Length + 1)];
        var slash = rest.IndexOf('/');
        if (slash < 0 || rest[(slash + 1)..].IndexOf('/') is not (> 0 and var end))
        {
            return null;
        }

        return new(
            XdsNameEncoding.Normalize(rest[..slash], XdsNameEncoding.Authority),
            rest.Slice(slash + 1, end).ToString(),
            XdsNameEncoding.Normalize(rest[(slash + end + 2)..], XdsNameEncoding.Path),
            SortParameters(query));
    }

    // By key; of several with one key the last counts (gRFC A47).
    private static string SortParameters(ReadOnlySpan<char> query)
    {
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var range in query.Split('&'))
        {
            var parameter = query[range];
            if (!parameter.IsEmpty)
            {
                var equals = parameter.IndexOf('=');
                var key = equals < 0 ? parameter : parameter[..equals];
                var value = equals < 0 ? default : parameter[(equals + 1)..];
                parameters[XdsNameEncoding.Normalize(key, XdsNameEncoding.Parameter)] = XdsNameEncoding.Normalize(value, XdsNameEncoding.Parameter);
            }
        }

        return string.Join('&', parameters.Select(p => $"{p.Key}={p.Value}"));
    }

    private sealed record Parts(string Authority, string Type, string Id, string Parameters)
    {
        public override string ToString() => $"{Scheme}//{Authority}/{Type}/{Id}{(Parameters.Length == 0 ? "" : $"?{Parameters}")}";
    }
}
