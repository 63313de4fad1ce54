using System.Globalization;
using System.Text;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Normalization;

/// <summary>Rewrites an escaped path as Envoy does: escaped slashes first, then RFC 3986, then the merging of slashes.</summary>
internal static class PathNormalizer
{
    /// <summary>Null: the path must be refused.</summary>
    /// <param name="path">Escaped, beginning with a slash, without query string.</param>
    /// <param name="config">What to do.</param>
    public static string? Apply(string path, PathNormalizationConfig config)
    {
        if (config.EscapedSlashes != EscapedSlashes.Keep && HasEscapedSlash(path))
        {
            if (config.EscapedSlashes == EscapedSlashes.Reject)
            {
                return null;
            }

            path = Unescape(path, static octet => octet is '/' or '\\', sameCase: false);
        }

        if (config.Normalize)
        {
            path = Unescape(path, IsUnreserved, sameCase: true).Replace('\\', '/');
            path = RemoveDotSegments(path);
        }

        return config.MergeSlashes ? MergeSlashes(path) : path;
    }

    /// <summary>RFC 3986, section 5.2.4, for a path that begins with a slash; there is nothing above the root.</summary>
    public static string RemoveDotSegments(string path)
    {
        if (!path.Contains("/.", StringComparison.Ordinal))
        {
            return path;
        }

        // Never longer than what was read.
        var output = new char[path.Length];
        var length = 0;
        for (var at = 0; at < path.Length;)
        {
            // Each step takes a slash and the segment behind it.
            var next = path.IndexOf('/', at + 1);
            var end = next < 0 ? path.Length : next;
            var segment = path.AsSpan(at + 1, end - at - 1);
            var isDot = segment is "." or "..";
            if (segment is "..")
            {
                length = Math.Max(output.AsSpan(0, length).LastIndexOf('/'), 0);
            }
            else if (!isDot)
            {
                path.AsSpan(at, end - at).CopyTo(output.AsSpan(length));
                length += end - at;
            }

            if (isDot && next < 0)
            {
                output[length++] = '/';
            }

            at = end;
        }

        return new string(output, 0, length);
    }

    private static string MergeSlashes(string path)
    {
        if (!path.Contains("//", StringComparison.Ordinal))
        {
            return path;
        }

        var merged = new StringBuilder(path.Length);
        foreach (var c in path)
        {
            if (c != '/' || merged.Length == 0 || merged[^1] != '/')
            {
                merged.Append(c);
            }
        }

        return merged.ToString();
    }

    private static bool HasEscapedSlash(string path) =>
        path.Contains("%2F", StringComparison.OrdinalIgnoreCase) || path.Contains("%5C", StringComparison.OrdinalIgnoreCase);

    private static bool IsUnreserved(char octet) => char.IsAsciiLetterOrDigit(octet) || octet is '-' or '.' or '_' or '~';

    /// <summary>Unescapes once the octets that are asked for: what comes of it is not looked at again.</summary>
    /// <param name="path">Escaped.</param>
    /// <param name="wanted">Which octets.</param>
    /// <param name="sameCase">Whether the others get upper-case digits.</param>
    private static string Unescape(string path, Func<char, bool> wanted, bool sameCase)
    {
        if (!path.Contains('%', StringComparison.Ordinal))
        {
            return path;
        }

        var unescaped = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] != '%' || i + 2 >= path.Length || !byte.TryParse(path.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                unescaped.Append(path[i]);
                continue;
            }

            if (wanted((char)octet))
            {
                unescaped.Append((char)octet);
            }
            else if (sameCase)
            {
                // RFC 3986, section 6.2.2.1: %2f and %2F are the same.
                unescaped.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
            else
            {
                unescaped.Append(path, i, 3);
            }

            i += 2;
        }

        return unescaped.ToString();
    }
}
