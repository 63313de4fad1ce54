using ProxylessMesh.Xds.Config;
using static ProxylessMesh.Xds.Tests.Routing.RouteSamples;

namespace ProxylessMesh.Xds.Tests.Routing;

/// <summary>route_components.proto, VirtualHost.domains: kind first, then length, without regard to case.</summary>
public sealed class DomainMatchTests
{
    private static readonly string[] All =
    [
        "*", "foo.com", "FOO.com:80", "*.foo.com", "*-bar.foo.com", "*.a.foo.com", "foo.*", "foo.b.*", "[::1]:80",
    ];

    [Theory]
    [InlineData("foo.com", "foo.com")]
    [InlineData("Foo.COM", "foo.com")]
    [InlineData("foo.com:80", "FOO.com:80")]
    [InlineData("x.foo.com", "*.foo.com")]
    [InlineData("X.FOO.COM", "*.foo.com")]
    [InlineData("x-bar.foo.com", "*-bar.foo.com")]
    [InlineData("x.a.foo.com", "*.a.foo.com")]
    [InlineData("foo.org", "foo.*")]
    [InlineData("foo.b.org", "foo.b.*")]
    [InlineData("foo.x.foo.com", "*.foo.com")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("other", "*")]
    [InlineData("", "*")]
    public void The_most_specific_domain_wins(string authority, string domain) => Assert.Equal(domain, Find(All, authority));

    [Theory]
    [InlineData("*.foo.com", ".foo.com")]
    [InlineData("foo.*", "foo.")]
    public void A_wildcard_stands_for_at_least_one_character(string domain, string authority) =>
        Assert.Null(Find([domain], authority));

    [Fact]
    public void The_port_is_part_of_the_authority()
    {
        Assert.Null(Find(["foo.com"], "foo.com:80"));
        Assert.Null(Find(["foo.com:80"], "foo.com"));
    }

    [Fact]
    public void A_host_whose_routes_do_not_match_hides_the_wildcard_host()
    {
        var table = Table(
            Host("exact", ["foo.com"], Route("never", new(PathMatchKind.Exact, "/x"))),
            Host("any", ["*"], Route("any")));

        Assert.Null(table.Match(new RequestStub("foo.com")));
        Assert.Equal("any", table.Match(new RequestStub("bar.com")));
    }

    private static string? Find(string[] domains, string authority) =>
        Table([.. from domain in domains select Host(domain, [domain], Route(domain))]).Match(new RequestStub(authority));
}
