namespace ProxylessMesh.Server.Jwt;

/// <summary>One cookie of a Cookie header (RFC 6265, section 4.2.1).</summary>
internal readonly ref struct CookiePair
{
    private CookiePair(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        Name = name;
        Value = value;
    }

    public ReadOnlySpan<char> Name { get; }

    /// <summary>Without the quotes that it may stand in.</summary>
    public ReadOnlySpan<char> Value { get; }

    public static CookiePair Of(ReadOnlySpan<char> text)
    {
        var equals = text.IndexOf('=');
        return equals < 0
            ? default
            : new CookiePair(text[..equals].Trim(' '), text[(equals + 1)..].Trim(' ').Trim('"'));
    }

    public void Deconstruct(out ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        name = Name;
        value = Value;
    }
}
