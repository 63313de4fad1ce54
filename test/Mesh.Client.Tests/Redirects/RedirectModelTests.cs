using ProxylessMesh.Client.Redirects;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.Redirects;

/// <summary>Envoy, RedirectAction: each part that is not said stays as in the request.</summary>
public sealed class RedirectModelTests
{
    private static readonly PathMatchConfig Prefix = new(PathMatchKind.Prefix, "/old");
    private static readonly RedirectActionConfig Nothing = new(301, null, null, null, null, null, false);

    public static TheoryData<string, string, string> Cases => new()
    {
        { "scheme", "http://reviews:9080/old/x?q=1", "https://reviews:9080/old/x?q=1" },
        { "scheme", "http://reviews/old", "https://reviews/old" },
        { "host", "http://reviews:9080/old", "http://elsewhere/old" },
        { "port", "http://reviews:9080/old", "http://reviews:8443/old" },
        { "port", "http://[::1]:9080/old", "http://[::1]:8443/old" },
        { "port", "http://[::1]/old", "http://[::1]:8443/old" },
        { "host and port", "http://reviews:9080/old", "http://elsewhere:8443/old" },
        { "path", "http://reviews/old?q=1", "http://reviews/new?q=1" },
        { "path without query", "http://reviews/old?q=1", "http://reviews/new" },
        { "path with query", "http://reviews/old?q=1", "http://reviews/new?p=2" },
        { "path with query, without query", "http://reviews/old?q=1", "http://reviews/new?p=2" },
        { "prefix", "http://reviews/old/x?q=1", "http://reviews/new/x?q=1" },
        { "prefix without query", "http://reviews/old/x?q=1", "http://reviews/new/x" },
        { "regex", "http://reviews/old/x?q=1", "http://reviews/x/old?q=1" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Location(string which, string uri, string expected)
    {
        var config = which switch
        {
            "scheme" => Nothing with { Scheme = "https" },
            "host" => Nothing with { Host = "elsewhere" },
            "port" => Nothing with { Port = 8443 },
            "host and port" => Nothing with { Host = "elsewhere", Port = 8443 },
            "path" => Nothing with { Path = "/new" },
            "path without query" => Nothing with { Path = "/new", StripQuery = true },
            "path with query" => Nothing with { Path = "/new?p=2" },
            "path with query, without query" => Nothing with { Path = "/new?p=2", StripQuery = true },
            "prefix" => Nothing with { Rewrite = new PathRewriteConfig("/new", null) },
            "prefix without query" => Nothing with { Rewrite = new PathRewriteConfig("/new", null), StripQuery = true },
            _ => Nothing with { Rewrite = new PathRewriteConfig(null, new RegexRewriteConfig("^/([^/]*)/(.*)", @"/\2/\1")) },
        };

        Assert.Equal(expected, new RedirectModel(config, Prefix).Location(new HttpRequestMessage(HttpMethod.Get, uri)));
    }

    [Fact]
    public void What_came_by_https_stays_there_although_it_is_routed_as_http()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://gateway.invalid/old") { Headers = { Host = "shop.example.com:443" } };
        RequestScheme.Set(request, "https");

        Assert.Equal("https://shop.example.com:443/new", new RedirectModel(Nothing with { Path = "/new" }, Prefix).Location(request));
        Assert.Equal("http://shop.example.com/new", new RedirectModel(Nothing with { Path = "/new", Scheme = "http" }, Prefix).Location(request));
    }

    [Fact]
    public void The_Host_that_the_caller_set_counts_and_its_default_port_does_not_survive_another_scheme()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://10.0.0.1/") { Headers = { Host = "shop.example.com:80" } };

        Assert.Equal("https://shop.example.com/", new RedirectModel(Nothing with { Scheme = "https" }, Prefix).Location(request));
        Assert.Equal("http://shop.example.com:80/", new RedirectModel(Nothing, Prefix).Location(request));
    }
}
