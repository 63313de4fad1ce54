using ProxylessMesh.Server.Normalization;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Normalization;

/// <summary>Istio's modes, with the inputs and outputs of its own integration test where it has some.</summary>
public sealed class PathNormalizerTests
{
    private static readonly PathNormalizationConfig Base = new(Normalize: true, MergeSlashes: false, EscapedSlashes.Keep);
    private static readonly PathNormalizationConfig Merge = Base with { MergeSlashes = true };
    private static readonly PathNormalizationConfig Decode = Merge with { EscapedSlashes = EscapedSlashes.Unescape };

    [Theory]
    [InlineData("/", "/", "/", "/")]
    [InlineData("/app/../admin", "/admin", "/admin", "/admin")]
    [InlineData("/app/%2E./admin", "/admin", "/admin", "/admin")]
    [InlineData("/app/.%2e/admin", "/admin", "/admin", "/admin")]
    [InlineData("//admin", "//admin", "/admin", "/admin")]
    [InlineData("/app//..//admin", "/app//admin", "/app/admin", "/app/admin")]
    [InlineData("/admin%2f", "/admin%2F", "/admin%2F", "/admin/")]
    [InlineData("/%2fadmin", "/%2Fadmin", "/%2Fadmin", "/admin")]
    [InlineData("/%5cadmin", "/%5Cadmin", "/%5Cadmin", "/admin")]
    [InlineData("/app%5c..%5cadmin", "/app%5C..%5Cadmin", "/app%5C..%5Cadmin", "/admin")]
    [InlineData("/app\\..\\admin", "/admin", "/admin", "/admin")]
    [InlineData("/admin/.", "/admin/", "/admin/", "/admin/")]
    [InlineData("/admin/..", "/", "/", "/")]
    [InlineData("/admin/../", "/", "/", "/")]
    [InlineData("/../../admin", "/admin", "/admin", "/admin")]
    [InlineData("/...", "/...", "/...", "/...")]
    [InlineData("/.hidden/a..b", "/.hidden/a..b", "/.hidden/a..b", "/.hidden/a..b")]
    [InlineData("/admin;x=1", "/admin;x=1", "/admin;x=1", "/admin;x=1")]
    [InlineData("/%61dmin", "/admin", "/admin", "/admin")]
    [InlineData("/%2561dmin", "/%2561dmin", "/%2561dmin", "/%2561dmin")]
    [InlineData("/%252fadmin", "/%252fadmin", "/%252fadmin", "/%252fadmin")]
    [InlineData("/ADMIN", "/ADMIN", "/ADMIN", "/ADMIN")]
    [InlineData("/xyz%30..//abc", "/xyz0..//abc", "/xyz0../abc", "/xyz0../abc")]
    [InlineData("/app/%2f", "/app/%2F", "/app/%2F", "/app/")]
    [InlineData("/a%zz%2", "/a%zz%2", "/a%zz%2", "/a%zz%2")]
    public void Each_mode_has_its_output(string path, string basic, string merged, string decoded)
    {
        Assert.Equal(path, PathNormalizer.Apply(path, default));
        Assert.Equal(basic, PathNormalizer.Apply(path, Base));
        Assert.Equal(merged, PathNormalizer.Apply(path, Merge));
        Assert.Equal(decoded, PathNormalizer.Apply(path, Decode));
    }

    [Theory]
    [InlineData("/a%2Fb", true)]
    [InlineData("/a%5cb", true)]
    [InlineData("/a%2e", false)]
    public void Escaped_slashes_can_be_refused(string path, bool refused) =>
        Assert.Equal(refused, PathNormalizer.Apply(path, Base with { EscapedSlashes = EscapedSlashes.Reject }) is null);

    [Fact]
    public void Normalising_twice_changes_nothing()
    {
        var random = new Random(7);
        string[] parts = ["/", "\\", ".", "..", "%2e", "%2E", "%2f", "%5C", "a", "admin", "%61", "%25", ";", "//", "%c3%a4"];
        for (var i = 0; i < 20_000; i++)
        {
            var path = "/" + string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => parts[random.Next(parts.Length)]));
            foreach (var mode in new[] { Base, Merge })
            {
                var once = PathNormalizer.Apply(path, mode)!;
                Assert.Equal(once, PathNormalizer.Apply(once, mode));
                Assert.DoesNotContain("/../", once, StringComparison.Ordinal);
            }
        }
    }
}
