using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Tests.Yaml;

public class SuggestionTests
{
    [Theory]
    [InlineData("lables", "labels")]
    [InlineData("Hosts", "hosts")]
    [InlineData("consecutive5xxErrror", "consecutive5xxErrors")]
    [InlineData("gatewas", "gateways")]
    [InlineData("completely", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void Names_the_nearest_known_word(string word, string? nearest) =>
        Assert.Equal(nearest, Suggestion.Nearest(word, ["labels", "hosts", "host", "gateways", "consecutive5xxErrors"]));
}
