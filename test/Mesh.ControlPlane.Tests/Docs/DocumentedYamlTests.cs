using System.Text.RegularExpressions;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.ControlPlane.Tests.Sources.Files;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Tests.Docs;

/// <summary>What the pages show is what `mesh validate` takes. A block after the line <c>&lt;!-- invalid --&gt;</c> shows a mistake.</summary>
public sealed partial class DocumentedYamlTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Pages =>
    [
        .. Directory.EnumerateFiles(Path.Combine(DocsFolder.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(DocsFolder.Root, "README.md"))
            .Where(File.Exists)
            .Select(p => Path.GetRelativePath(DocsFolder.Root, p))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_objects_that_a_page_shows_are_accepted_together(string page)
    {
        var text = File.ReadAllText(Path.Combine(DocsFolder.Root, page)).ReplaceLineEndings("\n");
        foreach (Match block in Block().Matches(text))
        {
            if (block.Groups["yaml"].Value.Contains("kind:", StringComparison.Ordinal) && !block.Groups["invalid"].Success)
            {
                // The name says where a mistake stands: problems count lines within the block.
                var line = text.AsSpan(0, block.Groups["yaml"].Index).Count('\n');
                _folder.Write($"{Path.GetFileName(page)}-line-{line}.yaml", block.Groups["yaml"].Value);
            }
        }

        var snapshot = ConfigLoader.Load(_folder.Path, new MeshSettings(), TimeProvider.System);

        Assert.Empty(snapshot.Problems.Where(p => p.Severity == ProblemSeverity.Error).Select(p => p.ToString()));
    }

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex(@"(?<invalid>^<!-- invalid -->\n)?^```ya?ml\n(?<yaml>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
