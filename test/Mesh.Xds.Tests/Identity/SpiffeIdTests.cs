using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Xds.Tests.Identity;

public sealed class SpiffeIdTests
{
    [Theory]
    [InlineData("spiffe://cluster.local/ns/default/sa/bookinfo-reviews", "cluster.local", "default", "bookinfo-reviews")]
    [InlineData("spiffe://td/ns/a/sa/b/c", "td", null, null)]
    [InlineData("spiffe://td/NS/a/SA/b", "td", null, null)]
    [InlineData("spiffe://a_b-c.9", "a_b-c.9", null, null)]
    [InlineData("spiffe://td/..a/b..", "td", null, null)]
    public void Reads_what_the_specification_allows(string text, string trustDomain, string? ns, string? account)
    {
        var id = SpiffeId.Parse(text);

        Assert.Equal((trustDomain, ns, account), (id.TrustDomain, id.Namespace, id.ServiceAccount));
        Assert.Equal(text, id.ToString());
        Assert.Equal(text["spiffe://".Length..], id.TrustDomain + id.Path);
        Assert.True(SpiffeId.TryParse(text, out var again));
        Assert.Equal(id, again);
        Assert.Equal(id.GetHashCode(), again.GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("spiffe:")]
    [InlineData("spiffe://")]
    [InlineData("spiffe:///ns/a/sa/b")]
    [InlineData("SPIFFE://td/a")]
    [InlineData("https://td/a")]
    [InlineData(" spiffe://td/a")]
    [InlineData("spiffe://td/a ")]
    [InlineData("spiffe://TD/a")]
    [InlineData("spiffe://tdé/a")]
    [InlineData("spiffe://user@td/a")]
    [InlineData("spiffe://td:443/a")]
    [InlineData("spiffe://td/")]
    [InlineData("spiffe://td/a/")]
    [InlineData("spiffe://td//a")]
    [InlineData("spiffe://td/./a")]
    [InlineData("spiffe://td/a/..")]
    [InlineData("spiffe://td/../x")]
    [InlineData("spiffe://td/a%2fb")]
    [InlineData("spiffe://td/a?b=c")]
    [InlineData("spiffe://td/a#b")]
    [InlineData("spiffe://td?b")]
    [InlineData("spiffe://td/a\\b")]
    [InlineData("spiffe://td/a\0")]
    [InlineData("spiffe://td/a\n")]
    [InlineData("spiffe://td/ａ")]
    public void Refuses_everything_else(string text)
    {
        Assert.False(SpiffeId.TryParse(text, out var id));
        Assert.Null(id);
        Assert.StartsWith("Not a SPIFFE id: ", Assert.Throws<FormatException>(() => SpiffeId.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_what_is_too_long()
    {
        var longest = "spiffe://" + new string('a', 255);
        Assert.True(SpiffeId.TryParse(longest, out _));
        Assert.False(SpiffeId.TryParse(longest + "a", out _));
        Assert.True(SpiffeId.TryParse("spiffe://td/" + new string('a', 2048 - 12), out _));
        Assert.False(SpiffeId.TryParse("spiffe://td/" + new string('a', 2048 - 11), out _));
        Assert.False(SpiffeId.TryParse(null, out _));
    }

    [Fact]
    public void A_service_account_cannot_smuggle_in_another_path()
    {
        Assert.Equal("spiffe://td/ns/a/sa/b", SpiffeId.ForServiceAccount("td", "a", "b").ToString());
        Assert.Throws<FormatException>(() => SpiffeId.ForServiceAccount("td", "a/sa/b", "c"));
        Assert.Throws<FormatException>(() => SpiffeId.ForServiceAccount("td/ns/a/sa/b", "c", "d"));
        Assert.Throws<FormatException>(() => SpiffeId.ForServiceAccount("td", "a", ""));
        Assert.Throws<FormatException>(() => SpiffeId.ForServiceAccount("td", "..", "b"));
        Assert.Throws<FormatException>(() => SpiffeId.ForServiceAccount("", "a", "b"));
    }

    [Fact]
    public void No_text_makes_it_throw_and_what_it_reads_it_writes_back()
    {
        const string alphabet = "spife:/./%?#@ aAzZ09-_\0\ud800é\\";
        var random = new SeededRandom(42);
        for (var round = 0; round < 10_000; round++)
        {
            var text = (round % 2 == 0 ? "spiffe://" : "") + string.Create(random.Next(40), random, (chars, dice) =>
            {
                foreach (ref var c in chars)
                {
                    c = dice.Next(4) == 0 ? (char)dice.Next(char.MaxValue + 1) : alphabet[dice.Next(alphabet.Length)];
                }
            });
            if (SpiffeId.TryParse(text, out var id))
            {
                Assert.Equal(text, id.ToString());
                Assert.Matches(@"\Aspiffe://[a-z0-9._-]+(/[a-zA-Z0-9._-]+)*\z", text);
                Assert.DoesNotContain("/../", text + "/", StringComparison.Ordinal);
            }
        }
    }
}
