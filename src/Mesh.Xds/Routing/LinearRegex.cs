using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// An expression that configuration supplies: RE2 syntax, matched against the whole text in time linear in its length
/// (regex.proto, RegexMatcher), with a bound on the size of its automaton, so that neither a request nor a mistake in the mesh's
/// configuration can stall a caller.
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
        regex = TryCompile(pattern, whole: true, out var compiled, out error) ? new LinearRegex(compiled) : null;
        return regex is not null;
    }

    public bool IsMatch(ReadOnlySpan<char> text) => _regex.IsMatch(text);

    /// <summary>Compiles for a match of the whole text, or for a search in it, which knows what its groups took.</summary>
    internal static bool TryCompile(
        string pattern,
        bool whole,
        [NotNullWhen(true)] out Regex? regex,
        [NotNullWhen(false)] out string? error)
    {
        regex = null;
        if (pattern.Length > MaxLength)
        {
            error = $"regular expression is longer than {MaxLength} characters";
            return false;
        }

        if (!Re2Translator.TryTranslate(pattern, captures: !whole, out var translated, out var reason))
        {
            error = $"regular expression is not valid: {reason}";
            return false;
        }

        try
        {
            regex = new Regex(
                whole ? $@"\A(?:{translated})\z" : translated,
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
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
}
