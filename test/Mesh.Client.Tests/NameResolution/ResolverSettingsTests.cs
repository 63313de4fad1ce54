using ProxylessMesh.Client.NameResolution;

namespace ProxylessMesh.Client.Tests.NameResolution;

public sealed class ResolverSettingsTests
{
    [Fact]
    public void ReadsWhatTheManualPageDescribes()
    {
        var settings = ResolverSettings.Parse("""
            # made by hand
            domain ignored.test
            search Corp.test.  lab.test
            nameserver 10.0.0.1
            nameserver fd00::1
            nameserver nonsense
            nameserver 10.0.0.2
            nameserver 10.0.0.3
            options ndots:5 timeout:3 attempts:9 rotate edns0
            """);

        Assert.Equal(["10.0.0.1:53", "[fd00::1]:53", "10.0.0.2:53"], settings.Servers.Select(s => s.ToString()));
        Assert.Equal(["corp.test", "lab.test"], settings.Search);
        Assert.Equal((5, TimeSpan.FromSeconds(3), 5), (settings.Dots, settings.Timeout, settings.Attempts));
    }

    [Theory]
    [InlineData("api", "api.corp.test,api")]
    [InlineData("api.partner", "api.partner,api.partner.corp.test")]
    [InlineData("api.", "api")]
    public void CandidatesFollowTheNumberOfDots(string name, string expected) =>
        Assert.Equal(expected.Split(','), (ResolverSettings.None with { Search = ["corp.test"] }).Candidates(name));
}
