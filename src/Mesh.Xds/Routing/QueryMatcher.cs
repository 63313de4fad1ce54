using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// A compiled <see cref="QueryMatchConfig"/>. As in Envoy's router, names and values are compared as they travel, not
/// percent-decoded (it decodes for rate limit actions only), the first of several parameters of a name counts, and a
/// parameter without "=" has the empty value.
/// </summary>
internal sealed class QueryMatcher
{
    private readonly string _name;
    private readonly StringMatcher? _value;
    private readonly bool _present;

    public QueryMatcher(QueryMatchConfig config)
    {
        _name = config.Name;
        _value = config.Value is null ? null : new StringMatcher(config.Value);
        _present = config.Present;
    }

    public bool Matches(ReadOnlySpan<char> query)
    {
        var found = TryFind(query, _name, out var value);
        return _value is null ? found == _present : found && _value.Matches(value);
    }

    /// <summary>The first parameter of that name.</summary>
    public static bool TryFind(ReadOnlySpan<char> query, ReadOnlySpan<char> wanted, out ReadOnlySpan<char> value)
    {
        while (!query.IsEmpty)
        {
            var end = query.IndexOf('&');
            var parameter = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];

            var equals = parameter.IndexOf('=');
            var name = equals < 0 ? parameter : parameter[..equals];
            if (name.SequenceEqual(wanted))
            {
                value = equals < 0 ? default : parameter[(equals + 1)..];
                return true;
            }
        }

        value = default;
        return false;
    }
}
