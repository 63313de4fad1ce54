using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Xds.Tests.Identity;

public sealed class TokenFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Reads_what_the_file_holds_at_the_moment()
    {
        var file = new TokenFile(_directory.File("token"));
        Assert.Null(file.Read());

        File.WriteAllText(_directory.File("token"), "abc.def\n");
        Assert.Equal("abc.def", file.Read());

        File.WriteAllText(_directory.File("token"), "ghi");
        Assert.Equal("ghi", file.Read());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("a b")]
    [InlineData("a\nx-evil: 1")]
    [InlineData("é")]
    public void What_cannot_be_a_header_value_is_no_token(string text)
    {
        File.WriteAllText(_directory.File("token"), text);
        Assert.Null(new TokenFile(_directory.File("token")).Read());
    }

    [Fact]
    public void A_huge_file_or_a_directory_is_no_token()
    {
        File.WriteAllText(_directory.File("token"), new string('a', 100_000));
        Assert.Null(new TokenFile(_directory.File("token")).Read());
        Assert.Null(new TokenFile(_directory.Path).Read());
    }
}
