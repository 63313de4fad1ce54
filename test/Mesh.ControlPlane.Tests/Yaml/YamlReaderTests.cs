using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Tests.Yaml;

public class YamlReaderTests
{
    private static readonly YamlLimits Small = new(MaxBytes: 1000, MaxDocuments: 3, MaxDepth: 4, MaxNodes: 20);

    [Fact]
    public void Values_know_where_they_stand()
    {
        var map = Assert.IsType<YamlMapping>(Root("a: 1\nb:\n  - x\n  - {c: yes}\n"));

        var b = Assert.IsType<YamlSequence>(map.Find("b"));
        var inner = Assert.IsType<YamlMapping>(b.Items[1]);
        Assert.Equal(new SourcePosition("f.yaml", 1, 4), map.Find("a")!.Position);
        Assert.Equal(new SourcePosition("f.yaml", 2, 1), map.Entries[1].KeyPosition);
        Assert.Equal(new SourcePosition("f.yaml", 3, 5), b.Items[0].Position);
        Assert.Equal(new SourcePosition("f.yaml", 4, 9), inner.Find("c")!.Position);
    }

    [Fact]
    public void Empty_documents_are_none() =>
        Assert.Equal(2, YamlReader.Read("f.yaml", "---\n# nothing\n---\na: 1\n---\n---\nb: 1\n...\n", YamlLimits.Default).Documents.Length);

    [Theory]
    [InlineData("text", ScalarType.Text)]
    [InlineData("\"1\"", ScalarType.Text)]
    [InlineData("'true'", ScalarType.Text)]
    [InlineData("!!str 1", ScalarType.Text)]
    [InlineData("1.0.0", ScalarType.Text)]
    [InlineData("10s", ScalarType.Text)]
    [InlineData("-a", ScalarType.Text)]
    [InlineData("0x", ScalarType.Text)]
    [InlineData("1", ScalarType.Integer)]
    [InlineData("-17", ScalarType.Integer)]
    [InlineData("0x1F", ScalarType.Integer)]
    [InlineData("0o17", ScalarType.Integer)]
    [InlineData("1.5", ScalarType.Float)]
    [InlineData("1e3", ScalarType.Float)]
    [InlineData(".inf", ScalarType.Float)]
    [InlineData("true", ScalarType.Boolean)]
    [InlineData("no", ScalarType.Boolean)]
    [InlineData("~", ScalarType.Null)]
    [InlineData("", ScalarType.Null)]
    public void Plain_text_has_the_type_that_YAML_gives_it(string yaml, object type)
    {
        var map = Assert.IsType<YamlMapping>(Root($"a: {yaml}\n"));

        Assert.Equal(type, Assert.IsType<YamlScalar>(map.Find("a")).Type);
    }

    [Fact]
    public void An_alias_stands_for_its_anchor()
    {
        var map = Assert.IsType<YamlMapping>(Root("a: &x {k: v}\nb: *x\n"));

        Assert.Same(map.Find("a"), map.Find("b"));
    }

    [Fact]
    public void Merge_keys_fill_in_what_a_map_does_not_say_itself()
    {
        var map = Assert.IsType<YamlMapping>(Root("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {x: 3, <<: [*a, *b]}\nd: {<<: *a}\n"));

        Assert.Equal("x=3 y=1 z=2", Text(map.Find("c")!));
        Assert.Equal("x=1 y=1", Text(map.Find("d")!));
    }

    [Theory]
    [InlineData("a: {<<: 1}\n", "1:5")]
    [InlineData("a: {<<: [1]}\n", "1:5")]
    [InlineData("a: *b\n", "1:4")]
    [InlineData("[[[[[a]]]]]\n", "1:5")]
    [InlineData("a: &a [[1]]\nb: [[*a]]\n", "2:6")]
    [InlineData("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]\n", "1:50")]
    [InlineData("a: &a [1,2,3]\nb: [*a,*a,*a,*a,*a]\n", "2:14")]
    [InlineData("a\n---\nb\n---\nc\n---\nd\n", "6:1")]
    public void What_breaks_a_limit_is_refused_where_it_does(string yaml, string position)
    {
        var file = YamlReader.Read("f.yaml", yaml, Small);

        Assert.Empty(file.Documents);
        Assert.Equal($"f.yaml:{position}", file.Failure!.Position.ToString());
    }

    private static YamlNode Root(string yaml) => Assert.Single(YamlReader.Read("f.yaml", yaml, YamlLimits.Default).Documents).Root;

    private static string Text(YamlNode map) =>
        string.Join(' ', ((YamlMapping)map).Entries.Select(e => $"{e.Key}={((YamlScalar)e.Value).Text}"));
}
