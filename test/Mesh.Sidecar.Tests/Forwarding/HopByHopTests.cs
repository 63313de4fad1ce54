using Microsoft.Extensions.Primitives;
using ProxylessMesh.Sidecar.Forwarding;

namespace ProxylessMesh.Sidecar.Tests.Forwarding;

/// <summary>RFC 9110, section 7.6.1.</summary>
public sealed class HopByHopTests
{
    [Theory]
    [InlineData("close, X-Mine", true)]
    [InlineData("x-mine", true)]
    [InlineData(" , ,\tX-MINE ;q=1,", true)]
    [InlineData("X-Mine2, xX-Mine", false)]
    [InlineData("", false)]
    [InlineData(",,,", false)]
    public void A_field_that_Connection_names_ends_with_the_connection(string connection, bool ends)
    {
        Assert.Equal(ends, HopByHop.Ends("X-Mine", connection));
        Assert.Equal(ends, HopByHop.Ends("X-Mine", new StringValues(["keep-alive", connection])));
    }

    [Theory]
    [InlineData("connection")]
    [InlineData("Keep-Alive")]
    [InlineData("transfer-encoding")]
    [InlineData("Upgrade")]
    [InlineData("TE")]
    [InlineData("proxy-connection")]
    public void Those_of_a_connection_end_with_it_unnamed(string name) => Assert.True(HopByHop.Ends(name, StringValues.Empty));

    [Theory]
    [InlineData("Host")]
    [InlineData("Accept-Encoding")]
    [InlineData("Expect")]
    public void Others_go_on(string name) => Assert.False(HopByHop.Ends(name, StringValues.Empty));
}
