using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Routing;

/// <summary>A compiled <see cref="StringMatchConfig"/>.</summary>
internal sealed class StringMatcher
{
    private readonly StringMatchKind _kind;
    private readonly string _value;
    private readonly StringComparison _comparison;
    private readonly LinearRegex? _regex;

    public StringMatcher(StringMatchConfig config)
    {
        _kind = config.Kind;
        _value = config.Value;
        _comparison = config.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        _regex = config.Kind == StringMatchKind.Regex ? LinearRegex.Create(config.Value) : null;
    }

    public bool Matches(ReadOnlySpan<char> text) => _kind switch
    {
        StringMatchKind.Exact => text.Equals(_value, _comparison),
        StringMatchKind.Prefix => text.StartsWith(_value, _comparison),
        StringMatchKind.Suffix => text.EndsWith(_value, _comparison),
        StringMatchKind.Contains => text.Contains(_value, _comparison),
        _ => _regex!.IsMatch(text),
    };
}
