using System.Text.RegularExpressions;

namespace ProxylessMesh.ControlPlane.Tests.Docs;

public partial class EventsPageTests
{
    [Fact]
    public void The_page_lists_the_events_of_the_sources_and_no_other()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(DocsFolder.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Event().Matches(File.ReadAllText(file)))
            .Select(Row)
            .Order(StringComparer.Ordinal)
            .ToList();

        var page = Line().Matches(File.ReadAllText(DocsFolder.Page("events.md"))).Select(Row).Order(StringComparer.Ordinal);

        Assert.NotEmpty(sources);
        Assert.Equal(sources, page);
        Assert.Equal(sources.Count, sources.DistinctBy(row => row.Split(' ')[0]).Count());
    }

    private static string Row(Match match) => $"{match.Groups[1].Value} {match.Groups[2].Value} {match.Groups[3].Value}";

    [GeneratedRegex(@"\[LoggerMessage\((\d+), LogLevel\.(\w+), ""([^""]*)""\)\]")]
    private static partial Regex Event();

    [GeneratedRegex(@"^\| (\d+) \| (\w+) \| (.*?) \| .+ \|$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
