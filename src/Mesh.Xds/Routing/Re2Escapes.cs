using System.Globalization;
using System.Text;

namespace ProxylessMesh.Xds.Routing;

/// <summary>What follows a backslash in RE2.</summary>
internal static class Re2Escapes
{
    /// <summary>Appends the translation and moves past it, or returns what is wrong.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="pattern">The whole expression.</param>
    /// <param name="next">Position after the backslash.</param>
    /// <param name="insideClass">Whether the escape stands between brackets.</param>
    public static string? TryAppend(StringBuilder output, ReadOnlySpan<char> pattern, ref int next, bool insideClass)
    {
        if (next >= pattern.Length)
        {
            return "it ends in a backslash";
        }

        var c = pattern[next++];
        switch (c)
        {
            case 'd' or 'D' or 's' or 'S' or 'w' or 'W':
                AppendPerlClass(output, c, insideClass);
                return null;
            case 'p' or 'P':
                return AppendCategory(output, c, pattern, ref next);
            case 'x':
                return AppendCodePoint(output, pattern, ref next);
            case 'a' or 'f' or 'n' or 'r' or 't' or 'v':
                output.Append('\\').Append(c);
                return null;
            case 'A' or 'z' or 'b' or 'B' when !insideClass:
                output.Append('\\').Append(c);
                return null;
            case 'Q' when !insideClass:
                AppendQuoted(output, pattern, ref next);
                return null;
            case >= '1' and <= '9':
                return "back-references are not known";
            default:
                if (char.IsAsciiLetterOrDigit(c) || !char.IsAscii(c))
                {
                    return "an escape is not known";
                }

                AppendLiteral(output, c);
                return null;
        }
    }

    /// <summary>A character that stands for itself, inside a class or outside.</summary>
    public static void AppendLiteral(StringBuilder output, char c)
    {
        // By code, because the runtime refuses a backslash before some characters that RE2 lets one escape.
        if (char.IsAsciiLetterOrDigit(c) || !char.IsAscii(c) || c is '/' or '_' or ':' or ',')
        {
            output.Append(c);
        }
        else
        {
            output.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}");
        }
    }

    private static void AppendPerlClass(StringBuilder output, char c, bool insideClass)
    {
        var ranges = (insideClass, c) switch
        {
            (false, 'd') => "[0-9]",
            (false, 'D') => "[^0-9]",
            (false, 's') => @"[\t\n\f\r ]",
            (false, 'S') => @"[^\t\n\f\r ]",
            (false, 'w') => "[0-9A-Za-z_]",
            (false, _) => "[^0-9A-Za-z_]",
            (true, 'd') => "0-9",
            (true, 'D') => @"\x00-/:-\uFFFF",
            (true, 's') => @"\t\n\f\r ",
            (true, 'S') => @"\x00-\x08\x0B\x0E-\x1F!-\uFFFF",
            (true, 'w') => "0-9A-Za-z_",
            _ => @"\x00-/:-@\x5B-\x5E`\x7B-\uFFFF",
        };
        output.Append(ranges);
    }

    private static string? AppendCategory(StringBuilder output, char c, ReadOnlySpan<char> pattern, ref int next)
    {
        if (next >= pattern.Length)
        {
            return "a character category has no name";
        }

        var braced = pattern[next] == '{';
        var length = braced ? pattern[next..].IndexOf('}') - 1 : 1;
        var name = length > 0 ? pattern.Slice(braced ? next + 1 : next, length) : default;
        if (name.IsEmpty || name.ContainsAnyExceptInRange('A', 'z') || name.Contains('^'))
        {
            return "a character category's name is not valid";
        }

        output.Append('\\').Append(c).Append('{').Append(name).Append('}');
        next += braced ? length + 2 : 1;
        return null;
    }

    private static string? AppendCodePoint(StringBuilder output, ReadOnlySpan<char> pattern, ref int next)
    {
        var braced = next < pattern.Length && pattern[next] == '{';
        var length = braced ? pattern[next..].IndexOf('}') - 1 : 2;
        var start = braced ? next + 1 : next;
        if (length <= 0 || start + length > pattern.Length
            || !uint.TryParse(pattern.Slice(start, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || code > char.MaxValue)
        {
            return @"a \x escape is not valid, or beyond the basic plane";
        }

        output.Append(CultureInfo.InvariantCulture, $"\\u{code:X4}");
        next = start + length + (braced ? 1 : 0);
        return null;
    }

    private static void AppendQuoted(StringBuilder output, ReadOnlySpan<char> pattern, ref int next)
    {
        var length = pattern[next..].IndexOf(@"\E", StringComparison.Ordinal);
        var text = length < 0 ? pattern[next..] : pattern.Slice(next, length);
        foreach (var c in text)
        {
            AppendLiteral(output, c);
        }

        next = length < 0 ? pattern.Length : next + length + 2;
    }
}
