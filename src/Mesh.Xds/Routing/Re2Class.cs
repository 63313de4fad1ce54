using System.Text;

namespace ProxylessMesh.Xds.Routing;

/// <summary>A bracketed character class of RE2.</summary>
internal static class Re2Class
{
    /// <summary>Appends the translation and moves past it, or returns what is wrong.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="pattern">The whole expression.</param>
    /// <param name="next">Position after the opening bracket.</param>
    public static string? TryAppend(StringBuilder output, ReadOnlySpan<char> pattern, ref int next)
    {
        output.Append('[');
        if (next < pattern.Length && pattern[next] == '^')
        {
            output.Append('^');
            next++;
        }

        for (var first = true; next < pattern.Length; first = false)
        {
            var c = pattern[next++];
            string? error = null;
            switch (c)
            {
                case ']' when !first:
                    output.Append(']');
                    return null;
                case '[' when next < pattern.Length && pattern[next] == ':':
                    error = AppendPosix(output, pattern, ref next);
                    break;
                case '\\':
                    error = Re2Escapes.TryAppend(output, pattern, ref next, insideClass: true);
                    break;
                case '-':
                    output.Append('-');
                    break;
                default:
                    // Also "[", which after "-" would mean subtraction in the runtime's dialect.
                    Re2Escapes.AppendLiteral(output, c);
                    break;
            }

            if (error is not null)
            {
                return error;
            }
        }

        return "a character class is not closed";
    }

    private static string? AppendPosix(StringBuilder output, ReadOnlySpan<char> pattern, ref int next)
    {
        var length = pattern[next..].IndexOf(":]", StringComparison.Ordinal);
        var name = length > 0 ? pattern.Slice(next + 1, length - 1) : default;
        var ranges = name switch
        {
            "alnum" => "0-9A-Za-z",
            "alpha" => "A-Za-z",
            "ascii" => @"\x00-\x7F",
            "blank" => @"\t ",
            "cntrl" => @"\x00-\x1F\x7F",
            "digit" => "0-9",
            "graph" => "!-~",
            "lower" => "a-z",
            "print" => " -~",
            "punct" => @"!-/:-@\x5B-`\x7B-~",
            "space" => @"\t\n\v\f\r ",
            "upper" => "A-Z",
            "word" => "0-9A-Za-z_",
            "xdigit" => "0-9A-Fa-f",
            _ => null,
        };
        if (ranges is null)
        {
            return "a [:class:] name is not known";
        }

        output.Append(ranges);
        next += length + 2;
        return null;
    }
}
