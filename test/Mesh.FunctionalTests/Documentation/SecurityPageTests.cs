using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ProxylessMesh.FunctionalTests.Documentation;

/// <summary>docs/security.md names for each attack the tests that show what becomes of it, and for each task its page: they exist.</summary>
public sealed partial class SecurityPageTests
{
    private static readonly string s_root = Root();

    public static TheoryData<string> Tests => [.. TestName().Matches(Attacks()).Select(m => m.Value.Trim('`')).Distinct()];

    public static TheoryData<string> Pages => [.. Link().Matches(Text()).Select(m => m.Groups["file"].Value).Distinct()];

    [Theory]
    [MemberData(nameof(Tests))]
    public void A_test_that_is_named_exists(string name)
    {
        var parts = name.Split('.');
        var files = Directory.GetFiles(Path.Combine(s_root, "test"), parts[0] + ".cs", SearchOption.AllDirectories);

        Assert.True(
            Array.Exists(files, f => Regex.IsMatch(File.ReadAllText(f), $@"\b{(parts.Length == 1 ? "class " + parts[0] : parts[1] + @"\(")}")),
            $"There is no test {name}.");
    }

    [Fact]
    public void Every_attack_has_a_test()
    {
        var rows = Attacks().Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();

        Assert.True(rows.Count >= 14);
        Assert.All(rows, row => Assert.Matches(TestName(), row));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_that_is_named_exists(string file) => Assert.True(File.Exists(Path.Combine(s_root, "docs", file)), file);

    private static string Text() => File.ReadAllText(Path.Combine(s_root, "docs", "security.md")).ReplaceLineEndings("\n");

    private static string Attacks() => Text().Split("## Attacks")[1].Split("\n## ")[0];

    private static string Root([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));

    [GeneratedRegex(@"`[A-Z]\w+Tests(\.\w+)?`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"\]\((?<file>[\w/-]+\.md)")]
    private static partial Regex Link();
}
