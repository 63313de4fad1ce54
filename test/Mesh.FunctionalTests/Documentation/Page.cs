using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ProxylessMesh.FunctionalTests.Documentation;

/// <summary>What a page of docs tells its readers to apply.</summary>
internal static partial class Page
{
    public static (string Name, string Content) Yaml(string page, string? shown = null, string? instead = null)
    {
        var text = File.ReadAllText(Path.Combine(Root(), "docs", "traffic-management", page)).ReplaceLineEndings("\n");
        var yaml = string.Join("---\n", Block().Matches(text).Where(b => !b.Groups["invalid"].Success).Select(b => b.Groups["yaml"].Value));
        if (shown is not null)
        {
            Assert.Contains(shown, yaml, StringComparison.Ordinal);
            yaml = yaml.Replace(shown, instead, StringComparison.Ordinal);
        }

        return ($"{page}.yaml", yaml);
    }

    /// <summary>The blocks of a page one by one, for tasks whose steps replace each other.</summary>
    public static IReadOnlyList<string> Blocks(string folder, string page)
    {
        var text = File.ReadAllText(Path.Combine(Root(), "docs", folder, page)).ReplaceLineEndings("\n");
        return [.. Block().Matches(text).Where(b => !b.Groups["invalid"].Success).Select(b => b.Groups["yaml"].Value)];
    }

    private static string Root([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));

    [GeneratedRegex(@"(?<invalid>^<!-- invalid -->\n)?^```ya?ml\n(?<yaml>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
