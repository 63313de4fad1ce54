using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Tests.Validation;

public partial class ErrorsPageTests
{
    [Fact]
    public void Each_code_has_one_line_on_the_page_and_each_line_a_code()
    {
        var codes = typeof(ProblemCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!).Order().ToList();

        var lines = CodeOfLine().Matches(File.ReadAllText(Page())).Select(m => m.Groups[1].Value).Order();

        Assert.Equal(codes, lines);
        Assert.Equal(codes, codes.Distinct());
    }

    [GeneratedRegex(@"^\| (MESH\d{4}) \|", RegexOptions.Multiline)]
    private static partial Regex CodeOfLine();

    private static string Page([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "docs", "errors.md");
}
