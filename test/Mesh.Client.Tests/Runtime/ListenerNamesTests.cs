using System.Collections.Frozen;
using ProxylessMesh.Client.Runtime;

namespace ProxylessMesh.Client.Tests.Runtime;

public sealed class ListenerNamesTests
{
    private readonly ListenerNames _names = new("plain/%s", "inbound/%s")
    {
        ByHost = new Dictionary<string, string>
        {
            ["reviews.partner.test"] = "xdstp://one/L/%s",
            ["*.partner.test"] = "xdstp://any/L/x/%s?a=b",
            ["*.deep.partner.test"] = "xdstp://deep/L/%s",
        }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
    };

    [Theory]
    [InlineData("reviews:9080", "plain/reviews:9080")]
    [InlineData("partner.test:80", "plain/partner.test:80")]
    [InlineData("[::1]:80", "plain/[::1]:80")]
    [InlineData("reviews.partner.test:80", "xdstp://one/L/reviews.partner.test:80")]
    [InlineData("ratings.partner.test:80", "xdstp://any/L/x/ratings.partner.test:80?a=b")]
    [InlineData("a.b.partner.test:80", "xdstp://any/L/x/a.b.partner.test:80?a=b")]
    [InlineData("a.b.deep.partner.test:80", "xdstp://deep/L/a.b.deep.partner.test:80")]
    public void Rule19_the_longest_host_decides_on_the_template(string authority, string expected) => Assert.Equal(expected, _names.ForAuthority(authority));

    [Fact]
    public void Rule19_what_is_put_into_a_name_with_authority_is_encoded()
    {
        Assert.Equal("xdstp://a/L/%5B::1%5D:80", new ListenerNames("xdstp://a/L/%s", "%s").ForAuthority("[::1]:80"));
        Assert.Equal("xdstp://a/L/%5B::%5D:80", new ListenerNames("%s", "xdstp://a/L/%s").ForAddress("[::]:80"));
    }
}
