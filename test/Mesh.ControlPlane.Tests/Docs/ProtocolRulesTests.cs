using System.Globalization;
using System.Text.RegularExpressions;

namespace ProxylessMesh.ControlPlane.Tests.Docs;

/// <summary>docs/xds.md claims that a test shows something: there is such a test, and no rule is forgotten.</summary>
public sealed partial class ProtocolRulesTests
{
    private const int Rules = 32;

    private static readonly string Page = File.ReadAllText(DocsFolder.Page("xds.md"));

    private static readonly List<string> Sources =
        [.. Directory.EnumerateFiles(Path.Combine(DocsFolder.Root, "test"), "*Tests.cs", SearchOption.AllDirectories).Select(File.ReadAllText)];

    [Fact]
    public void Every_rule_has_a_row_and_a_test_of_its_number_or_a_reason()
    {
        var rows = RuleRow().Matches(Page).ToDictionary(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture), m => m.Groups[2].Value);

        Assert.Equal(Enumerable.Range(1, Rules), rows.Keys.Order());
        Assert.All(rows, row => Assert.True(
            row.Value.StartsWith("not yet: ", StringComparison.Ordinal)
            || TestName().Matches(row.Value).Any(m => m.Groups[2].Success && Numbers(m.Groups[2].Value).Contains(row.Key)),
            $"Rule {row.Key} has neither a test nor a reason."));
    }

    [Fact]
    public void Every_proposal_that_is_supported_names_a_test_and_no_other_does()
    {
        var rows = ProposalRow().Matches(Page);

        Assert.InRange(rows.Count, 30, int.MaxValue);
        Assert.All(rows, row => Assert.True(
            TestName().IsMatch(row.Groups[3].Value) != (row.Groups[2].Value.StartsWith("no:", StringComparison.Ordinal) || row.Groups[2].Value.StartsWith("not yet", StringComparison.Ordinal)),
            $"{row.Groups[1].Value} is \"{row.Groups[2].Value}\" and shown by \"{row.Groups[3].Value}\"."));
    }

    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var missing = TestName().Matches(Page)
            .Where(m => !Sources.Any(source =>
                source.Contains($"class {m.Groups[1].Value}\n", StringComparison.Ordinal) || source.Contains($"class {m.Groups[1].Value} ", StringComparison.Ordinal)
                    ? !m.Groups[2].Success || source.Contains($" {m.Groups[2].Value}(", StringComparison.Ordinal)
                    : false))
            .Select(m => m.Value);

        Assert.Empty(missing);
    }

    /// <summary>Rule01_22_text: 1 and 22.</summary>
    private static IEnumerable<int> Numbers(string name) =>
        name.Split('_').Select(part => part.Replace("Rule", "", StringComparison.Ordinal)).TakeWhile(part => part.Length == 2 && part.All(char.IsAsciiDigit))
            .Select(part => int.Parse(part, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^\| (\d+) \| [^|]+ \| (.+) \|\r?$", RegexOptions.Multiline)]
    private static partial Regex RuleRow();

    [GeneratedRegex(@"^\| ((?:A\d+|TTL)[^|]*) \| ([^|]*?) ?\| ([^|]*?) ?\|\r?$", RegexOptions.Multiline)]
    private static partial Regex ProposalRow();

    [GeneratedRegex(@"`([A-Z]\w+Tests)(?:\.(\w+))?`")]
    private static partial Regex TestName();
}
