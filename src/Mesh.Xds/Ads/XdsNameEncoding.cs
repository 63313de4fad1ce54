using System.Buffers;
using System.Globalization;
using System.Text;

namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// Percent encoding of the parts of a name with authority (RFC 3986, sections 2 and 6.2.2). As in gRPC's libraries, what a part may hold
/// as it is means the same when it is encoded; a slash does not, as it would change the path.
/// </summary>
internal static class XdsNameEncoding
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    /// <summary>What an authority may hold as it is.</summary>
    public static SearchValues<char> Authority { get; } = SearchValues.Create(Unreserved + "!$&'()*+,;=:@[]");

    /// <summary>What a path may hold as it is; the slash is one of its characters.</summary>
    public static SearchValues<char> Path { get; } = SearchValues.Create(Unreserved + "!$&'()*+,;=:@/");

    /// <summary>What a key or value of a context parameter may hold as it is.</summary>
    public static SearchValues<char> Parameter { get; } = SearchValues.Create(Unreserved + "!$'()*+,;:@/?");

    /// <summary>A text that is not encoded at all, as a part of a path.</summary>
    public static string EncodePath(string text) => Encode(text, Path, isEncoded: false);

    /// <summary>One spelling of a text that is encoded: nothing without need, what needs it in capitals.</summary>
    public static string Normalize(ReadOnlySpan<char> text, SearchValues<char> allowed) =>
        text.IndexOfAnyExcept(allowed) < 0 ? text.ToString() : Encode(text, allowed, isEncoded: true);

    private static string Encode(ReadOnlySpan<char> text, SearchValues<char> allowed, bool isEncoded)
    {
        var result = new StringBuilder(text.Length + 8);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (isEncoded && text[i] == '%' && i + 2 < text.Length
                && byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                _ = code != '/' && allowed.Contains((char)code) ? result.Append((char)code) : result.Append('%').Append(code.ToString("X2", CultureInfo.InvariantCulture));
                i += 2;
            }
            else if (allowed.Contains(text[i]))
            {
                result.Append(text[i]);
            }
            else
            {
                Rune.DecodeFromUtf16(text[i..], out var rune, out var length);
                foreach (var value in utf8[..rune.EncodeToUtf8(utf8)])
                {
                    result.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
                }

                i += length - 1;
            }
        }

        return result.ToString();
    }
}
