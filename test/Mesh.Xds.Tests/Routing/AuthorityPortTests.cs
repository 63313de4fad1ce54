using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;
using static ProxylessMesh.Xds.Tests.Routing.RouteSamples;

namespace ProxylessMesh.Xds.Tests.Routing;

public sealed class AuthorityPortTests
{
    [Theory]
    [InlineData("shop.example.com", "shop.example.com")]
    [InlineData("shop.example.com:8080", "shop.example.com")]
    [InlineData("shop.example.com:", "shop.example.com")]
    [InlineData("[::1]", "[::1]")]
    [InlineData("[::1]:80", "[::1]")]
    [InlineData("shop:x", "shop:x")]
    [InlineData("", "")]
    public void Only_a_port_is_taken_off(string authority, string host) => Assert.Equal(host, AuthorityPort.Without(authority));

    [Theory]
    [InlineData(true, "r")]
    [InlineData(false, null)]
    public void A_table_looks_at_ports_unless_told_otherwise(bool ignores, string? found)
    {
        var config = new RouteConfig("routes", [Host("h", ["shop.example.com"], Route("r"))]) { IgnorePort = ignores };
        var table = new RouteTable<string>(config, (_, route) => route.Name, new SeededRandom(1));

        Assert.Equal(found, table.Match(default(RequestStub) with { Authority = "Shop.example.com:31380", PathText = "/" }));
    }
}
