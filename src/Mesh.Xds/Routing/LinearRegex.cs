using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// An expression that configuration supplies: RE2 syntax, matched against the whole text in time linear in its length
/// (regex.proto, RegexMatcher), so that neither a request nor a mistake in the mesh's configuration can stall a caller.
/// </summary>
internal sealed class LinearRegex
{
    /// <summary>Longest expression, in characters.</summary>
    public const int MaxLength = 4096;

    private readonly Regex _regex;

    private LinearRegex(Regex regex) => _regex = regex;

    /// <summary>Compiles what a decoder has accepted.</summary>
    /// <exception cref="FormatException">The expression is not valid.</exception>
    public static LinearRegex Create(string pattern) =>
        TryCreate(pattern, out var regex, out var error) ? regex : throw new FormatException(error);

    /// <summary>Compiles, or says what is wrong.</summary>
    public static bool TryCreate(
        string pattern,
        [NotNullWhen(true)] out LinearRegex? regex,
        [NotNullWhen(false)] out string? error)
    {
        regex = null;
        if (pattern.Length > MaxLength)
        {
            error = $"regular expression is longer than {MaxLength} characters";
            return false;
        }

        if (!Re2Translator.TryTranslate(pattern, out var translated, out var reason))
        {
            error = $"regular expression is not valid: {reason}";
            return false;
        }

        try
        {
            regex = new LinearRegex(new Regex(
                $@"\A(?:{translated})\z",
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
            error = null;
            return true;
        }
        catch (ArgumentException e)
        {
            error = $"regular expression is not valid: {(e as RegexParseException)?.Error.ToString() ?? "syntax error"}";
            return false;
        }
        catch (NotSupportedException)
        {
            // The runtime bounds the automaton: ((a{1000}){1000}){1000} is 21 characters and a thousand million states.
            error = "regular expression is too large once its repetitions are written out";
            return false;
        }
    }

    public bool IsMatch(ReadOnlySpan<char> text) => _regex.IsMatch(text);
}
