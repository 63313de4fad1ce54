using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Tests.Grpc;

public sealed class GrpcStatusTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain text, ~ and all", "plain text, ~ and all")]
    [InlineData("50% für\nalle", "50%25 f%C3%BCr%0Aalle")]
    [InlineData("\u0001\u007f", "%01%7F")]
    public void What_is_not_printable_is_escaped_and_comes_back(string text, string encoded)
    {
        Assert.Equal(encoded, GrpcStatusText.Encode(text));
        Assert.Equal(text, GrpcStatusText.Decode(encoded));
    }

    [Theory]
    [InlineData("100%")]
    [InlineData("%zz")]
    [InlineData("%F")]
    public void What_is_badly_escaped_stays(string text) => Assert.Equal(text, GrpcStatusText.Decode(text));

    [Fact]
    public void A_long_text_is_cut() => Assert.Equal(1027, GrpcStatusText.Encode(new string('x', 100_000)).Length);
}
