using System.Text.RegularExpressions;

namespace ProxylessMesh.ControlPlane.Tests.Docs;

/// <summary>Reads docs/support.md: its sections <c>### Kind (apiVersion)</c> and the rows of their tables.</summary>
internal static partial class SupportPage
{
    public static IReadOnlyList<SupportRow> Rows { get; } = [.. Read(File.ReadLines(DocsFolder.Page("support.md")))];

    private static IEnumerable<SupportRow> Read(IEnumerable<string> lines)
    {
        Match? section = null;
        foreach (var line in lines)
        {
            if (line.StartsWith('#'))
            {
                section = Section().Match(line);
            }
            else if (section is { Success: true } && Row().Match(line) is { Success: true } row)
            {
                foreach (Match field in Field().Matches(row.Groups["fields"].Value))
                {
                    var value = field.Groups["value"] is { Success: true } given ? given.Value : null;
                    yield return new SupportRow(
                        section.Groups["version"].Value, section.Groups["kind"].Value, field.Groups["path"].Value, value, row.Groups["state"].Value);
                }
            }
        }
    }

    [GeneratedRegex(@"^### (?<kind>\w+) \((?<version>[\w./]+)\)$")]
    private static partial Regex Section();

    [GeneratedRegex(@"^\| (?<fields>`[^|]+`) \| (?<state>[\w ]+?) \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<path>[\w\[\]{}.]+)(: (?<value>[\w-]+))?`")]
    private static partial Regex Field();
}
