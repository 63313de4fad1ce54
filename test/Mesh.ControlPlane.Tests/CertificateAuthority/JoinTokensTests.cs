using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.Testing;

namespace ProxylessMesh.ControlPlane.Tests.CertificateAuthority;

public sealed class JoinTokensTests : AuthorityFixture
{
    [Fact]
    public void A_token_says_who_may_join()
    {
        var text = Tokens().Create("default", "bookinfo-reviews", TimeSpan.FromHours(1));
        var token = Tokens().Verify(text, out var error);

        Assert.Null(error);
        Assert.Equal(("default", "bookinfo-reviews"), (token!.Namespace, token.ServiceAccount));
        Assert.Equal(Time.GetUtcNow().AddHours(1), token.Expires);
        Assert.NotEmpty(token.Id);
        Assert.Matches("^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$", text);
        Assert.NotEqual(text, Tokens().Create("default", "bookinfo-reviews", TimeSpan.FromHours(1)));
    }

    [Fact]
    public void A_token_ends()
    {
        var tokens = Tokens();
        var text = tokens.Create("default", "reviews", TimeSpan.FromHours(1));
        Time.Advance(TimeSpan.FromHours(1));
        Assert.Null(tokens.Verify(text, out var error));
        Assert.Equal("the join token of default/reviews expired at 2030-01-01 01:00:00Z", error);
    }

    [Fact]
    public void The_key_is_secret_and_a_damaged_one_is_not_replaced()
    {
        var text = Tokens().Create("default", "reviews", TimeSpan.FromHours(1));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf("token-key")));
        }

        foreach (var damaged in (string[])["", "hello", Convert.ToBase64String(new byte[31]), Convert.ToBase64String(new byte[33])])
        {
            File.WriteAllText(PathOf("token-key"), damaged);
            Assert.Contains("is damaged", Assert.Throws<CertificateAuthorityException>(() => Tokens()).Message, StringComparison.Ordinal);
            Assert.Equal(damaged, File.ReadAllText(PathOf("token-key")));
        }

        File.Delete(PathOf("token-key"));
        Assert.Null(Tokens().Verify(text, out var error));
        Assert.Contains("not made with this control plane's key", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_comes_first_makes_the_key_for_all()
    {
        using var start = new ManualResetEventSlim();
        var openers = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.Wait(TimeSpan.FromSeconds(30));
                return Tokens();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        start.Set();
        var all = await Task.WhenAll(openers).WaitAsync(TimeSpan.FromSeconds(30));
        var text = all[0].Create("default", "reviews", TimeSpan.FromHours(1));

        Assert.All(all, tokens => Assert.NotNull(tokens.Verify(text, out _)));
        Assert.Equal(["token-key"], Directory.GetFiles(Data).Select(Path.GetFileName));
    }

    [Fact]
    public void Another_payload_under_the_same_signature_is_refused()
    {
        var parts = Tokens().Create("default", "reviews", TimeSpan.FromHours(1)).Split('.');
        var json = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0]));
        var forged = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.Replace("reviews", "ratings", StringComparison.Ordinal)));

        Assert.Null(Tokens().Verify($"{forged}.{parts[1]}", out var error));
        Assert.Contains("was altered", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_or_shortened_token_is_refused_at_every_place()
    {
        var tokens = Tokens();
        var text = tokens.Create("default", "reviews", TimeSpan.FromHours(1));
        for (var i = 0; i < text.Length; i++)
        {
            Assert.Null(tokens.Verify(text[..i], out _));
            foreach (var other in "AZaz09-_.= \0é")
            {
                if (other != text[i])
                {
                    Assert.Null(tokens.Verify(text[..i] + other + text[(i + 1)..], out _));
                }
            }
        }

        Assert.Null(tokens.Verify(text + "=", out _));
        Assert.Null(tokens.Verify(text + "." + text, out _));
        Assert.Null(tokens.Verify(" " + text, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"ns":1,"sa":"b","exp":4000000000,"jti":"x"}""")]
    [InlineData("""{"ns":"a","sa":"b","exp":"never","jti":"x"}""")]
    [InlineData("""{"ns":"a","sa":"b","exp":9223372036854775807,"jti":"x"}""")]
    [InlineData("""{"ns":"a","sa":"b","exp":1e400,"jti":"x"}""")]
    [InlineData("""{"ns":null,"sa":"b","exp":4000000000,"jti":"x"}""")]
    [InlineData("""{"ns":"a/sa/b","sa":"b","exp":4000000000,"jti":"x"}""")]
    [InlineData("""{"ns":"a","sa":"","exp":4000000000,"jti":"x"}""")]
    public void A_well_signed_token_of_strange_content_is_refused(string json)
    {
        Tokens();
        var key = Convert.FromBase64String(File.ReadAllText(PathOf("token-key")));
        var payload = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
        var mac = Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(payload)));

        Assert.Null(Tokens().Verify($"{payload}.{mac}", out var error));
        Assert.Equal("the join token's content is damaged", error);
    }

    [Fact]
    public void No_text_makes_it_throw()
    {
        var tokens = Tokens();
        var random = new SeededRandom(11);
        const string alphabet = "eyJ.AZaz09-_=. \n\0é\ud800";
        for (var round = 0; round < 10_000; round++)
        {
            var text = string.Create(random.Next(80), random, (chars, dice) =>
            {
                foreach (ref var c in chars)
                {
                    c = alphabet[dice.Next(alphabet.Length)];
                }
            });
            Assert.Null(tokens.Verify(text, out var error));
            Assert.NotNull(error);
        }

        Assert.Null(tokens.Verify(new string('a', 1_000_000), out _));
        Assert.Null(tokens.Verify(new string('a', 1_000_000) + "." + new string('a', 43), out _));
    }

    [Theory]
    [InlineData("a/b", "c", 60)]
    [InlineData("", "c", 60)]
    [InlineData("a", "c\n", 60)]
    [InlineData("a", "c", 0)]
    [InlineData("a", "c", -1)]
    [InlineData("a", "c", 400 * 86400)]
    public void No_token_is_made_for_what_cannot_be(string ns, string account, int seconds) =>
        Assert.Throws<ArgumentException>(() => Tokens().Create(ns, account, TimeSpan.FromSeconds(seconds)));

    private JoinTokens Tokens() => JoinTokens.Open(Data, Time);
}
