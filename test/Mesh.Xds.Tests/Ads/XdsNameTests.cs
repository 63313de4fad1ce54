using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

public sealed class XdsNameTests
{
    private const string Type = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    private const string Prefix = "xdstp://a/envoy.config.cluster.v3.Cluster/";

    [Theory]
    [InlineData("reviews:9080", "reviews:9080")]
    [InlineData("outbound|80||x?b=1&a=2", "outbound|80||x?b=1&a=2")]
    [InlineData(Prefix + "x", Prefix + "x")]
    [InlineData(Prefix + "x/y/", Prefix + "x/y/")]
    [InlineData(Prefix + "x?", Prefix + "x")]
    [InlineData(Prefix + "x?#y", Prefix + "x")]
    [InlineData(Prefix + "x?b=1&a=2", Prefix + "x?a=2&b=1")]
    [InlineData(Prefix + "x?b=1&&b=3&a", Prefix + "x?a=&b=3")]
    [InlineData(Prefix + "x?a=%3d%26", Prefix + "x?a=%3D%26")]
    [InlineData(Prefix + "%7Ex%2f|", Prefix + "~x%2F%7C")]
    [InlineData(Prefix + "x%3A80%25", Prefix + "x:80%25")]
    [InlineData(Prefix + "é%", Prefix + "%C3%A9%25")]
    public void Every_spelling_has_one_form(string name, string expected)
    {
        var parsed = XdsName.Parse(Type, name);

        Assert.Equal(expected, parsed.Text);
        Assert.Null(parsed.Problem);
        Assert.Equal(expected, XdsName.Normalize(name));
        Assert.Equal(expected, XdsName.Normalize(expected));
    }

    [Fact]
    public void An_authority_may_be_empty_and_a_plain_name_has_none()
    {
        Assert.Equal("", XdsName.Parse(Type, "xdstp:///envoy.config.cluster.v3.Cluster/x").Authority);
        Assert.Equal("a", XdsName.Parse(Type, Prefix + "x").Authority);
        Assert.Null(XdsName.Parse(Type, "x").Authority);
    }

    [Fact]
    public void Encoding_keeps_what_a_path_may_hold() =>
        Assert.Equal("reviews.prod/v1:9080%20%C3%A4%3F%25", XdsNameEncoding.EncodePath("reviews.prod/v1:9080 ä?%"));

    [Fact]
    public void Random_names_give_a_name_or_a_problem_and_the_form_is_stable()
    {
        var random = new Random(47);
        const string Characters = "xdstp:/?#&=%2fF[]@|é\ud800 a";
        for (var i = 0; i < 20_000; i++)
        {
            var name = "xdstp:" + string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => Characters[random.Next(Characters.Length)]));
            var parsed = XdsName.Parse(Type, name);
            Assert.NotNull(parsed.Text);
            Assert.Equal(XdsName.Normalize(name), XdsName.Normalize(XdsName.Normalize(name)));
        }
    }
}
