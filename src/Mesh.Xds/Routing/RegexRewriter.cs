using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// A compiled <see cref="RegexRewriteConfig"/>: replaces every match in the path, in time linear in its length. The
/// substitution is RE2's (regex.proto, RegexMatchAndSubstitute): <c>\0</c> is the match, <c>\1</c> to <c>\9</c> are its
/// groups, <c>\\</c> is a backslash.
/// </summary>
internal sealed class RegexRewriter
{
    private readonly Regex _regex;
    private readonly Part[] _parts;

    private RegexRewriter(Regex regex, Part[] parts)
    {
        _regex = regex;
        _parts = parts;
    }

    /// <summary>Compiles what a decoder has accepted.</summary>
    /// <exception cref="FormatException">The expression or its substitution is not valid.</exception>
    public static RegexRewriter Create(RegexRewriteConfig config) =>
        TryCreate(config.Pattern, config.Substitution, out var rewriter, out var error) ? rewriter : throw new FormatException(error);

    /// <summary>Compiles, or says what is wrong.</summary>
    public static bool TryCreate(
        string pattern,
        string substitution,
        [NotNullWhen(true)] out RegexRewriter? rewriter,
        [NotNullWhen(false)] out string? error)
    {
        rewriter = null;
        if (!LinearRegex.TryCompile(pattern, whole: false, out var regex, out error))
        {
            return false;
        }

        var groups = regex.GetGroupNumbers().Length - 1;
        error = Parse(substitution, groups, out var parts);
        rewriter = error is null ? new RegexRewriter(regex, parts) : null;
        return error is null;
    }

    public string Rewrite(string path)
    {
        var match = _regex.Match(path);
        if (!match.Success)
        {
            return path;
        }

        var result = new StringBuilder(path.Length + 16);
        var copied = 0;
        for (; match.Success; match = match.NextMatch())
        {
            result.Append(path, copied, match.Index - copied);
            foreach (var part in _parts)
            {
                if (part.Literal is { } literal)
                {
                    result.Append(literal);
                }
                else
                {
                    result.Append(match.Groups[part.Group].ValueSpan);
                }
            }

            copied = match.Index + match.Length;
        }

        return result.Append(path, copied, path.Length - copied).ToString();
    }

    private static string? Parse(string substitution, int groups, out Part[] parts)
    {
        var found = new List<Part>();
        var literal = new StringBuilder();
        parts = [];
        for (var i = 0; i < substitution.Length; i++)
        {
            if (substitution[i] != '\\')
            {
                literal.Append(substitution[i]);
                continue;
            }

            i++;
            if (i < substitution.Length && substitution[i] == '\\')
            {
                literal.Append('\\');
                continue;
            }

            if (i == substitution.Length || !char.IsAsciiDigit(substitution[i]))
            {
                return @"after a backslash, a substitution has a digit or another backslash";
            }

            var group = substitution[i] - '0';
            if (group > groups)
            {
                return $@"the substitution names group \{group}, the expression has {groups}";
            }

            Flush();
            found.Add(new Part(null, group));
        }

        Flush();
        parts = [.. found];
        return null;

        void Flush()
        {
            if (literal.Length > 0)
            {
                found.Add(new Part(literal.ToString(), 0));
                literal.Clear();
            }
        }
    }

    private readonly record struct Part(string? Literal, int Group);
}
