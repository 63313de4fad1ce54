using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// Rewrites RE2 syntax into the runtime's dialect. The two read alike but differ where it matters: RE2's <c>\d</c>,
/// <c>\w</c> and <c>\s</c> are ASCII, it knows <c>[[:alpha:]]</c>, <c>\pL</c>, <c>\x{41}</c>, <c>(?P&lt;name&gt;...)</c> and
/// <c>\Q...\E</c>, and it knows neither look-around, back-references nor class subtraction (RE2's syntax page).
/// </summary>
internal ref struct Re2Translator
{
    private const int MaxDepth = 200;

    private readonly StringBuilder _output;
    private readonly ReadOnlySpan<char> _pattern;
    private readonly string _group;
    private readonly RegexWeight _weight = new();
    private int _next;
    private int _depth;

    private Re2Translator(ReadOnlySpan<char> pattern, bool captures)
    {
        _pattern = pattern;

        // A named group becomes a plain one in either case: RE2 numbers both kinds together, the runtime does not.
        _group = captures ? "(" : "(?:";
        _output = new StringBuilder(pattern.Length + 16);
    }

    public static bool TryTranslate(
        string pattern,
        bool captures,
        [NotNullWhen(true)] out string? translated,
        [NotNullWhen(false)] out string? error)
    {
        var translator = new Re2Translator(pattern, captures);
        error = translator.Run();
        translated = error is null ? translator._output.ToString() : null;
        return error is null;
    }

    private string? Run()
    {
        while (_next < _pattern.Length)
        {
            var c = _pattern[_next++];
            var error = c switch
            {
                '\\' => Escape(),
                '[' => Class(),
                '(' => OpenGroup(),
                ')' => CloseGroup(),
                '.' or '|' or '*' or '+' or '?' or '{' or '}' or '^' or '$' => Operator(c),
                _ => Literal(c),
            };
            if (error is not null)
            {
                return error;
            }
        }

        return _depth > 0 ? "a group is not closed"
            : _weight.IsTooLarge() ? "it is too large once its repetitions are written out; repeat with * or + instead of a count, or repeat less"
            : null;
    }

    private readonly string? Operator(char c)
    {
        _output.Append(c);
        switch (c)
        {
            case '|':
                _weight.Alternative();
                break;
            case '*' or '+' or '?':
                _weight.Repeat(null, isVariable: true);
                break;
            case '{':
                Count();
                break;
            default:
                _weight.Atom();
                break;
        }

        return null;
    }

    /// <summary>The opening brace of {n}, {n,} or {n,m}; any other stands for itself.</summary>
    private readonly void Count()
    {
        var rest = _pattern[_next..];
        var close = rest.IndexOf('}');
        var comma = close < 0 ? -1 : rest[..close].IndexOf(',');
        if (close < 0 || !int.TryParse(rest[..(comma < 0 ? close : comma)], NumberStyles.None, CultureInfo.InvariantCulture, out var min))
        {
            _weight.Atom();
        }
        else if (comma < 0 || comma + 1 == close)
        {
            _weight.Repeat(min, isVariable: comma > 0);
        }
        else if (int.TryParse(rest[(comma + 1)..close], NumberStyles.None, CultureInfo.InvariantCulture, out var max))
        {
            _weight.Repeat(max, isVariable: max > min);
        }
    }

    private readonly string? Literal(char c)
    {
        _weight.Atom();
        Re2Escapes.AppendLiteral(_output, c);
        return null;
    }

    private string? OpenGroup()
    {
        if (++_depth > MaxDepth)
        {
            return "groups are nested too deeply";
        }

        _weight.Open();

        if (_next >= _pattern.Length || _pattern[_next] != '?')
        {
            _output.Append(_group);
            return null;
        }

        var rest = _pattern[(_next + 1)..];
        var nameStart = rest.StartsWith("P<", StringComparison.Ordinal) ? 2 : rest.StartsWith("<", StringComparison.Ordinal) ? 1 : 0;
        return nameStart > 0 ? NamedGroup(rest[nameStart..], nameStart) : FlagGroup(rest);
    }

    private string? NamedGroup(ReadOnlySpan<char> rest, int nameStart)
    {
        var length = rest.IndexOf('>');
        if (length <= 0 || !IsName(rest[..length]))
        {
            return "a group's name is not valid";
        }

        _output.Append(_group);
        _next += 1 + nameStart + length + 1;
        return null;
    }

    private string? FlagGroup(ReadOnlySpan<char> rest)
    {
        var length = rest.IndexOfAny(':', ')');
        if (length < 0 || rest[..length].ContainsAnyExcept("ims-") || rest[..length].Count('-') > 1)
        {
            return "only groups of the forms (...), (?:...), (?P<name>...) and (?flags...) with flags i, m, s are known";
        }

        _output.Append("(?").Append(rest[..length]).Append(rest[length]);
        _next += 1 + length + 1;
        if (rest[length] == ')')
        {
            _depth--;
            _weight.Close();
        }

        return null;
    }

    private string? CloseGroup()
    {
        _output.Append(')');
        _weight.Close();
        return --_depth >= 0 ? null : "a closing parenthesis has no opening one";
    }

    private string? Escape()
    {
        _weight.Atom();
        return Re2Escapes.TryAppend(_output, _pattern, ref _next, insideClass: false);
    }

    private string? Class()
    {
        _weight.Atom();
        return Re2Class.TryAppend(_output, _pattern, ref _next);
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }
}
