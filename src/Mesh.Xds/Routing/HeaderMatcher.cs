using System.Buffers;
using System.Globalization;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Routing;

/// <summary>A compiled <see cref="HeaderMatchConfig"/>.</summary>
internal sealed class HeaderMatcher
{
    private readonly string _name;
    private readonly HeaderSource _source;
    private readonly StringMatcher? _value;
    private readonly Int64RangeConfig? _range;
    private readonly bool? _present;
    private readonly bool _invert;
    private readonly bool _missingIsEmpty;

    /// <param name="config">What to compile.</param>
    /// <param name="binary">Whether it sees headers whose names end in -bin, which routes do not.</param>
    public HeaderMatcher(HeaderMatchConfig config, bool binary = false)
    {
        _name = config.Name;
        _source = SourceOf(config.Name, binary);
        _value = config.Value is null ? null : new StringMatcher(config.Value);
        _range = config.Range;
        _present = config.Present;
        _invert = config.Invert;
        _missingIsEmpty = config.TreatMissingAsEmpty;
    }

    public bool Matches<TView>(in TView request)
        where TView : struct, IRequestView, allows ref struct
        => _source switch
        {
            HeaderSource.Header => request.TryGetHeader(_name, out var value) ? Test(value) : TestAbsent(),
            HeaderSource.Method => Test(request.Method),
            HeaderSource.Authority => Test(request.Authority),
            HeaderSource.Scheme => Test(request.Scheme),
            HeaderSource.Path => TestPath(request.Path, request.Query),
            _ => TestAbsent(),
        };

    /// <summary>Whether a header that is there, with this value, satisfies it.</summary>
    public bool MatchesValue(ReadOnlySpan<char> value) => Test(value);

    private static HeaderSource SourceOf(string name, bool binary) => name switch
    {
        ":method" => HeaderSource.Method,
        ":authority" => HeaderSource.Authority,
        ":path" => HeaderSource.Path,
        ":scheme" => HeaderSource.Scheme,
        _ => !binary && name.EndsWith("-bin", StringComparison.Ordinal) ? HeaderSource.Hidden : HeaderSource.Header,
    };

    private bool TestAbsent()
    {
        if (_present is { } wanted)
        {
            return !wanted != _invert;
        }

        // route_components.proto, HeaderMatcher: a missing header fails even an inverted value matcher.
        return _missingIsEmpty && Test([]);
    }

    private bool Test(ReadOnlySpan<char> value)
    {
        if (_present is { } wanted)
        {
            return wanted != _invert;
        }

        return (_value?.Matches(value) ?? InRange(value)) != _invert;
    }

    private bool InRange(ReadOnlySpan<char> value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && _range is { } range
        && number >= range.Start
        && number < range.End;

    /// <summary>The pseudo header holds the query string too (RFC 9113, section 8.3.1).</summary>
    private bool TestPath(ReadOnlySpan<char> path, ReadOnlySpan<char> query)
    {
        const int OnStack = 512;
        if (query.IsEmpty)
        {
            return Test(path);
        }

        var length = path.Length + 1 + query.Length;
        char[]? rented = null;
        var buffer = length <= OnStack ? stackalloc char[OnStack] : rented = ArrayPool<char>.Shared.Rent(length);
        path.CopyTo(buffer);
        buffer[path.Length] = '?';
        query.CopyTo(buffer[(path.Length + 1)..]);
        var result = Test(buffer[..length]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return result;
    }
}
