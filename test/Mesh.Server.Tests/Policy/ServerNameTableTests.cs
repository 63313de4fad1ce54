using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Policy;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Policy;

/// <summary>Envoy, FilterChainMatch.server_names: the whole name, then the longest suffix, then whatever takes any.</summary>
public sealed class ServerNameTableTests
{
    private static readonly ServerNameTable s_table = Table("a.example.com", "*.example.com", "*.b.example.com");

    [Theory]
    [InlineData("a.example.com", "a.example.com")]
    [InlineData("A.Example.COM", "a.example.com")]
    [InlineData("c.example.com", "*.example.com")]
    [InlineData("a.c.example.com", "*.example.com")]
    [InlineData("x.b.example.com", "*.b.example.com")]
    [InlineData("b.example.com", "*.example.com")]
    [InlineData("example.com", null)]
    [InlineData(".example.com", null)]
    [InlineData("a.example.com.", null)]
    [InlineData("", null)]
    public void The_most_specific_name_wins(string asked, string? found) => Assert.Equal(found, s_table.Find(asked)?.Names[0]);

    [Fact]
    public void A_chain_of_no_name_takes_the_rest()
    {
        var table = new ServerNameTable([Chain("a.example.com"), Chain()]);

        Assert.Equal(1, table.Find("a.example.com")?.Names.Count);
        Assert.Equal(0, table.Find("b.example.com")?.Names.Count);
        Assert.Equal(0, table.Find("")?.Names.Count);
    }

    [Fact]
    public void Equal_chains_make_equal_tables()
    {
        Assert.Equal(Table("a", "b"), Table("a", "b"));
        Assert.NotEqual(Table("a", "b"), Table("a", "c"));
    }

    private static ServerNameTable Table(params string[] names) => new([.. names.Select(n => Chain(n))]);

    private static ServerNameChain Chain(params string[] names) =>
        new([.. names], new DownstreamTlsConfig("", null, false) { Served = new ServedTlsConfig(new CredentialConfig("a", null, null), null) }, InboundFilterChain.Empty);
}
