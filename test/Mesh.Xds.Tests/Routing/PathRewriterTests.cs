using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Xds.Tests.Routing;

public sealed class PathRewriterTests
{
    [Theory]
    [InlineData("Prefix", "/api", "/v2", "/api/users", "/v2/users")]
    [InlineData("Prefix", "/api/", "/", "/api/users", "/users")]
    [InlineData("Prefix", "/api", "/", "/api/users", "//users")]
    [InlineData("Prefix", "/", "/v2", "/users", "/v2users")]
    [InlineData("Prefix", "/api", "/v2", "/api", "/v2")]
    [InlineData("SegmentPrefix", "/api", "/v2", "/api/users", "/v2/users")]
    [InlineData("Exact", "/api", "/v2", "/api", "/v2")]
    [InlineData("Regex", "/a.*", "/v2", "/api/users", "/v2")]
    [InlineData("Prefix", "/api", "@evil.example.com", "/api", "/@evil.example.com")]
    public void A_prefix_is_swapped_and_of_any_other_match_the_whole_path(string kind, string matched, string replacement, string path, string expected) =>
        Assert.Equal(
            expected,
            new PathRewriter(new PathRewriteConfig(replacement, null), new PathMatchConfig(Enum.Parse<PathMatchKind>(kind), matched)).Rewrite(path));

    [Theory]
    [InlineData("^/service/([^/]+)(/.*)$", @"\2/instance/\1", "/service/foo/v1/api", "/v1/api/instance/foo")]
    [InlineData("one", "two", "/xxx/one/yyy/one/zzz", "/xxx/two/yyy/two/zzz")]
    [InlineData("^(.*?)one(.*)$", @"\1two\2", "/xxx/one/yyy/one/zzz", "/xxx/two/yyy/one/zzz")]
    [InlineData("(?i)/xxx/", "/yyy/", "/aaa/XxX/bbb", "/aaa/yyy/bbb")]
    [InlineData("(?P<first>a)(b)", @"\2\1", "/ab", "/ba")]
    [InlineData("(b)(?P<second>a)", @"\2\1", "/ba", "/ab")]
    [InlineData("/a", @"/\0\\", "/a", "//a\\")]
    [InlineData("$1", "x", "/$1", "/$1")]
    [InlineData("nothing", "x", "/a", "/a")]
    [InlineData("^/", "", "/@evil", "/@evil")]
    [InlineData("/a(x)?", @"/b\1", "/a", "/b")]
    public void An_expression_replaces_what_it_finds(string pattern, string substitution, string path, string expected) =>
        Assert.Equal(
            expected,
            new PathRewriter(new PathRewriteConfig(null, new RegexRewriteConfig(pattern, substitution)), new PathMatchConfig(PathMatchKind.Prefix, "/")).Rewrite(path));
}
