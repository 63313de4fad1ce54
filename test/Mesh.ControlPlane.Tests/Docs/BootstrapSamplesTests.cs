using System.Text;
using System.Text.RegularExpressions;
using ProxylessMesh.Xds.Bootstrap;

namespace ProxylessMesh.ControlPlane.Tests.Docs;

/// <summary>The bootstrap files that the pages show can be read.</summary>
public sealed partial class BootstrapSamplesTests
{
    [Theory]
    [InlineData("identity.md", 1, 0)]
    [InlineData("xds.md", 2, 1)]
    public void Each_is_one(string page, int servers, int authorities)
    {
        var sample = Json().Matches(File.ReadAllText(DocsFolder.Page(page))).Select(m => m.Groups[1].Value).Single(json => json.Contains("\"xds_servers\"", StringComparison.Ordinal));

        var bootstrap = BootstrapReader.Read(page, Encoding.UTF8.GetBytes(sample));

        Assert.Equal((servers, authorities), (bootstrap.Servers.Count, bootstrap.Authorities.Count));
    }

    [GeneratedRegex("^```json\r?\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Json();
}
