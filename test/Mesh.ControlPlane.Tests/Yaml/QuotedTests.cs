using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Tests.Yaml;

public class QuotedTests
{
    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("a\nb\u001b[0m", "\"a\\u000ab\\u001b[0m\"")]
    [InlineData("a\u202eb", "\"a\\u202eb\"")]
    [InlineData("grün 🙂", "\"grün 🙂\"")]
    public void Text_of_a_file_can_forge_no_line_of_a_log(string text, string quoted) => Assert.Equal(quoted, Quoted.Of(text));

    [Fact]
    public void Long_text_is_cut() => Assert.Equal(103, Quoted.Escape(new string('a', 10_000)).Length);
}
