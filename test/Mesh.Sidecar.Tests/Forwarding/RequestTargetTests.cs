using ProxylessMesh.Sidecar.Forwarding;

namespace ProxylessMesh.Sidecar.Tests.Forwarding;

/// <summary>RFC 9112, section 3.2.</summary>
public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/a%2Fb/../c?d=%20&e=/?", "/a%2Fb/../c?d=%20&e=/?")]
    [InlineData("/", "/")]
    [InlineData("//a", "//a")]
    [InlineData("/http://other/", "/http://other/")]
    [InlineData("http://reviews:9080/a/../b?c", "/a/../b?c")]
    [InlineData("HTTP://reviews", "/")]
    [InlineData("http://reviews?c=http://d/e", "/?c=http://d/e")]
    public void Path_and_query_are_as_they_came(string target, string expected) => Assert.Equal(expected, RequestTarget.PathAndQuery(target));

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("reviews:9080")]
    [InlineData("://reviews/")]
    [InlineData("/a#b")]
    [InlineData("/a b")]
    [InlineData("/a HTTP/1.1\r\nX: y")]
    [InlineData("/\u00e4")]
    [InlineData("/a\0")]
    public void What_is_no_path_is_not_forwarded(string target) => Assert.Null(RequestTarget.PathAndQuery(target));
}
