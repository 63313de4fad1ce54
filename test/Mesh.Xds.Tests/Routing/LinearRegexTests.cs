using System.Text;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Xds.Tests.Routing;

/// <summary>RE2's syntax page: what its expressions mean, and that nothing else is let in.</summary>
public sealed class LinearRegexTests
{
    [Theory]
    [InlineData("a|b", "b", true)]
    [InlineData("a|b", "ab", false)]
    [InlineData("", "", true)]
    [InlineData(@"\d+", "123", true)]
    [InlineData(@"\d+", "\u0661", false)]
    [InlineData(@"\w+", "a_1", true)]
    [InlineData(@"\w", "\u00E4", false)]
    [InlineData(@"\s", "\t", true)]
    [InlineData(@"\s", "\u00A0", false)]
    [InlineData(@"\D\W\S", "a-b", true)]
    [InlineData(@"[\D]", "1", false)]
    [InlineData(@"[\W]", "-", true)]
    [InlineData(@"[\W]", "_", false)]
    [InlineData(@"[\S]", " ", false)]
    [InlineData(@"[\w.-]+", "a.b-c", true)]
    [InlineData("[[:alpha:]]+", "abc", true)]
    [InlineData("[[:alpha:]]+", "a:]", false)]
    [InlineData("[^[:digit:]]", "5", false)]
    [InlineData("[a-z-[aeiou]]", "b]", true)]
    [InlineData("[a-z-[aeiou]]", "b", false)]
    [InlineData("[]a]+", "]a", true)]
    [InlineData("[^]a]", "]", false)]
    [InlineData(@"\pL+", "\u00E4b", true)]
    [InlineData(@"\p{Lu}", "A", true)]
    [InlineData(@"\P{Lu}", "A", false)]
    [InlineData(@"\x41\x{42}", "AB", true)]
    [InlineData(@"\Qa.b\E+", "a.bbb", true)]
    [InlineData(@"\Qa.b", "axb", false)]
    [InlineData("(?P<name>a)(?<other>b)", "ab", true)]
    [InlineData("(?i)ABC", "abc", true)]
    [InlineData("(?i:A)b", "aB", false)]
    [InlineData(@"a\.b\_c\-d\/e", "a.b_c-d/e", true)]
    [InlineData("a{2,3}", "aaa", true)]
    [InlineData("a{2,3}", "aaaa", false)]
    [InlineData("a{,3}", "a{,3}", true)]
    [InlineData("^/v[12]/.*$", "/v2/x", true)]
    [InlineData("a #b", "a #b", true)]
    [InlineData(@"a\z", "a", true)]
    public void Means_what_RE2_says(string pattern, string text, bool expected) =>
        Assert.Equal(expected, LinearRegex.Create(pattern).IsMatch(text));

    [Theory]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("[a")]
    [InlineData("[[:nope:]]")]
    [InlineData("a**")]
    [InlineData("*a")]
    [InlineData(@"\")]
    [InlineData(@"(a)\1")]
    [InlineData("(?=a)")]
    [InlineData("(?!a)")]
    [InlineData("(?<=a)b")]
    [InlineData("(?<!a)b")]
    [InlineData("(?>a)")]
    [InlineData("(?x)a")]
    [InlineData("(?#a)")]
    [InlineData("(?(a)b|c)")]
    [InlineData(@"\Z")]
    [InlineData(@"\G")]
    [InlineData(@"\u0041")]
    [InlineData(@"\cA")]
    [InlineData(@"\p{Nope}")]
    [InlineData(@"\p")]
    [InlineData(@"\x{110000}")]
    [InlineData("a{2001}")]
    [InlineData("(?:ab?c?d?){999}")]
    [InlineData("((a{1000}){1000}){1000}")]
    [InlineData("[b-a]")]
    public void Refuses(string pattern)
    {
        Assert.False(LinearRegex.TryCreate(pattern, out _, out var error));
        Assert.StartsWith("regular expression", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(?:.*a){500}")]
    [InlineData("(?:.*a){50}")]
    [InlineData("(?:(?:.*a){10}){10}")]
    [InlineData("(?:.*[ab].{0,20}){9}")]
    [InlineData(".*a.{0,500}b.{0,500}c")]
    [InlineData("(?:a?){100}a{100}")]
    [InlineData("(?:.*a|.*b){40}")]
    [InlineData("x|(?:[a-z]*[a-z]*){40}|y")]
    [InlineData("(((a{1,30}){1,30}){1,30}){1,30}")]
    [InlineData(@"(?:.*\Qa\E){100}")]
    [InlineData("(?i)(?:.*a){100}")]
    public void Refuses_an_automaton_that_takes_seconds_for_a_long_text(string pattern)
    {
        Assert.False(LinearRegex.TryCreate(pattern, out _, out var error));
        Assert.Contains("too large once its repetitions are written out", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", "reviews-v1")]
    [InlineData("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "01234567-0123-0123-0123-0123456789ab")]
    [InlineData(@"(25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})(\.(25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})){3}", "10.0.0.255")]
    [InlineData("^(.*?;)?(user=jason)(;.*)?$", "a=b;user=jason;c=d")]
    [InlineData("/api/v[0-9]{1,2}/users/[^/]{1,255}/orders/[0-9]{1,20}(\\?.*)?", "/api/v1/users/me/orders/7")]
    [InlineData(".{0,1000}", "anything")]
    [InlineData("(/a/.*|/b/.*|/c/.*|/d/.*|/e/.*|/f/.*|/g/.*|/h/.*)*", "/h/x")]
    public void Takes_what_people_write(string pattern, string text) => Assert.True(LinearRegex.Create(pattern).IsMatch(text));

    [Fact]
    public void A_long_list_of_alternatives_is_no_repetition()
    {
        var list = string.Join('|', Enumerable.Range(0, 200).Select(i => $"/p{i}/.*"));

        Assert.True(LinearRegex.Create(list).IsMatch("/p199/x"));
    }

    [Fact]
    public void Length_and_depth_are_bounded()
    {
        var longest = $"[{new string('a', LinearRegex.MaxLength - 2)}]";
        Assert.True(LinearRegex.TryCreate(longest, out _, out _));
        Assert.False(LinearRegex.TryCreate(longest + "b", out _, out var error));
        Assert.Contains("4096", error, StringComparison.Ordinal);
        Assert.False(LinearRegex.TryCreate(new string('(', 300) + new string(')', 300), out _, out _));
    }

    [Fact]
    public void Time_is_linear_where_backtracking_would_never_end()
    {
        var regex = LinearRegex.Create("(a+)+(a+)+b");

        Assert.False(regex.IsMatch(new string('a', 20_000)));
    }

    [Fact]
    public void No_text_makes_it_throw()
    {
        const string Alphabet = @"ab019(){}[]|*+?^$.\-:,<>=!PQEpdswxX&_#/ ";
        var random = new SeededRandom(42);
        var pattern = new StringBuilder();
        var accepted = 0;
        for (var i = 0; i < 10_000; i++)
        {
            pattern.Clear();
            for (var length = random.Next(14); length > 0; length--)
            {
                pattern.Append(Alphabet[random.Next(Alphabet.Length)]);
            }

            if (LinearRegex.TryCreate(pattern.ToString(), out var regex, out _))
            {
                accepted++;
                regex.IsMatch("ab01/x");
            }
        }

        Assert.True(accepted > 100);
    }
}
