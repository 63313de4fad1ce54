using System.Buffers;
using System.Globalization;
using System.Text;

namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// The one spelling of a path that rules are compared in: escaped is what must be, and nothing else (RFC 3986, section 2.4).
/// An escaped slash stays escaped: it does not separate segments.
/// </summary>
internal static class CanonicalPath
{
    // Those of a segment (RFC 3986, pchar), and the slash.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/");

    /// <summary>Whether there is nothing to escape and nothing escaped.</summary>
    public static bool IsPlain(ReadOnlySpan<char> path) => !path.ContainsAnyExcept(Plain);

    /// <summary>Of a path, or of a part of one, as a policy writes it.</summary>
    public static string Of(string path)
    {
        if (IsPlain(path))
        {
            return path;
        }

        var canonical = new StringBuilder(path.Length + 8);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < path.Length;)
        {
            if (path[i] == '%' && i + 2 < path.Length && byte.TryParse(path.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                Append(canonical, octet, octet != '/');
                i += 3;
                continue;
            }

            // A percent sign alone begins an escape that a prefix has cut off.
            Rune.DecodeFromUtf16(path.AsSpan(i), out var rune, out var length);
            if (path[i] == '%')
            {
                canonical.Append('%');
            }
            else
            {
                foreach (var part in utf8[..rune.EncodeToUtf8(utf8)])
                {
                    Append(canonical, part, mayBePlain: true);
                }
            }

            i += length;
        }

        return canonical.ToString();
    }

    private static void Append(StringBuilder canonical, byte octet, bool mayBePlain)
    {
        if (mayBePlain && Plain.Contains((char)octet))
        {
            canonical.Append((char)octet);
        }
        else
        {
            canonical.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }
    }
}
