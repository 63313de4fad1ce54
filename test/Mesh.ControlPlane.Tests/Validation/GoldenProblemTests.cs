using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Tests.Validation;

/// <summary>Each file of TestData/Problems ends with the problems that it must give, word for word, behind <c>#></c>.</summary>
public class GoldenProblemTests
{
    private const string Mark = "#> ";

    public static TheoryData<string> Cases => [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "TestData", "Problems");

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_file_gives_exactly_the_problems_that_it_says(string name)
    {
        var path = Path.Combine(Folder, name);
        var expected = File.ReadLines(path).Where(l => l.StartsWith(Mark, StringComparison.Ordinal)).Select(l => l[Mark.Length..]);

        var file = ConfigFileReader.Read(name, path, YamlLimits.Default);
        var problems = AcceptedConfig.Empty.Next([file], [], new MeshSettings()).Snapshot.Problems;

        var actual = problems.SelectMany(p => p.ToString().Split(Environment.NewLine));
        Assert.Equal(string.Join('\n', expected), string.Join('\n', actual));
    }
}
