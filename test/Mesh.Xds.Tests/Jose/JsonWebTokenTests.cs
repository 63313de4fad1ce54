using System.Security.Cryptography;
using System.Text;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Xds.Tests.Jose;

/// <summary>Tokens as attackers make them (RFC 8725).</summary>
public sealed class JsonWebTokenTests : IDisposable
{
    private readonly TestIssuer _issuer = new();

    public void Dispose() => _issuer.Dispose();

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    [InlineData("NONE")]
    [InlineData("")]
    [InlineData("HS256")]
    [InlineData("HS512")]
    [InlineData("es256")]
    [InlineData("EdDSA")]
    [InlineData("ES256K")]
    [InlineData("../ES256")]
    public void Algorithms_that_prove_nothing_are_refused(string algorithm)
    {
        var header = $$"""{"alg":"{{algorithm}}","kid":"key-1"}""";
        Assert.Equal(JwtFailure.UnsupportedAlgorithm, JsonWebToken.TryParse(_issuer.Sign("{}", header), out _));
        Assert.Equal(JwtFailure.UnsupportedAlgorithm, JsonWebToken.TryParse($"{TestIssuer.Text(header)}.{TestIssuer.Text("{}")}.", out _));
    }

    [Fact]
    public void A_public_key_is_no_shared_secret()
    {
        using var rsa = new TestIssuer("RS256");
        var signed = $"{TestIssuer.Text("""{"alg":"HS256","kid":"key-1"}""")}.{TestIssuer.Text("{}")}";
        foreach (var secret in (string[])[rsa.KeySet, rsa.PublicKey().ToJsonString(), (string)rsa.PublicKey()["n"]!])
        {
            var token = $"{signed}.{TestIssuer.Text(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed)))}";
            Assert.Equal(JwtFailure.UnsupportedAlgorithm, JsonWebToken.TryParse(token, out _));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("a.b.c.d.e")]
    [InlineData("e30=.e30.AA")]
    [InlineData("e30 .e30.AA")]
    [InlineData("e30.e30.A+")]
    [InlineData("e30.e30.A/")]
    [InlineData("e30.e30.\u00e9\u00e9")]
    [InlineData("e31.e30.AA")]
    [InlineData("e30.e30.A")]
    public void Other_forms_are_malformed(string text) =>
        Assert.Equal(JwtFailure.Malformed, JsonWebToken.TryParse(text, out _));

    [Fact]
    public void One_megabyte_is_refused_before_anything_is_decoded()
    {
        Assert.Equal(JwtFailure.TooLong, JsonWebToken.TryParse(_issuer.Sign($$"""{"a":"{{new string('x', 1024 * 1024)}}"}"""), out _));
        Assert.Equal(JwtFailure.TooLong, JsonWebToken.TryParse(new string('.', JsonWebToken.MaxLength + 1), out _));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"alg":null}""")]
    [InlineData("""{"alg":["ES256"]}""")]
    [InlineData("""{"alg":"ES256","alg":"none"}""")]
    [InlineData("""{"alg":"ES256","\u0061lg":"none"}""")]
    [InlineData("""{"alg":"ES256","kid":7}""")]
    [InlineData("""{"alg":"ES256","kid":null}""")]
    [InlineData("""{"alg":"ES256"/**/}""")]
    [InlineData("""{"alg":"ES256",}""")]
    [InlineData("""{"alg":"ES256"} {}""")]
    [InlineData("""{"alg":"ES256","kid":"\ud800"}""")]
    public void Headers_have_one_meaning_or_none(string header) =>
        Assert.Equal(JwtFailure.BadHeader, JsonWebToken.TryParse(_issuer.Sign("{}", header), out _));

    [Theory]
    [InlineData("""{"alg":"ES256","crit":["exp"],"exp":1}""")]
    [InlineData("""{"alg":"ES256","crit":[]}""")]
    [InlineData("""{"alg":"ES256","b64":false,"crit":["b64"]}""")]
    [InlineData("""{"alg":"ES256","b64":false}""")]
    public void Extensions_that_must_be_understood_are_refused(string header) =>
        Assert.Equal(JwtFailure.UnsupportedExtension, JsonWebToken.TryParse(_issuer.Sign("{}", header), out _));

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("""{"sub":"alice","sub":"root"}""")]
    [InlineData("""{"a":{"b":1,"b":2}}""")]
    [InlineData("""{"sub":"\udc00"}""")]
    [InlineData("""{"iss":7}""")]
    [InlineData("""{"sub":["alice"]}""")]
    [InlineData("""{"aud":{"a":1}}""")]
    [InlineData("""{"aud":["a",7]}""")]
    [InlineData("""{"aud":null}""")]
    [InlineData("""{"exp":"1900000000"}""")]
    [InlineData("""{"exp":null}""")]
    [InlineData("""{"exp":true}""")]
    [InlineData("""{"exp":1e400}""")]
    [InlineData("""{"exp":NaN}""")]
    [InlineData("""{"nbf":"0"}""")]
    [InlineData("""{"iat":[]}""")]
    public void Payloads_have_one_meaning_or_none(string payload) =>
        Assert.Equal(JwtFailure.BadPayload, JsonWebToken.TryParse(_issuer.Sign(payload), out _));

    [Fact]
    public void Text_that_is_not_utf8_is_refused()
    {
        var payload = TestIssuer.Text([(byte)'{', (byte)'"', 0xC0, 0xAF, (byte)'"', (byte)':', (byte)'1', (byte)'}']);
        Assert.Equal(JwtFailure.BadPayload, JsonWebToken.TryParse($"{TestIssuer.Text("""{"alg":"ES256"}""")}.{payload}.AAAA", out _));
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Equal(JwtFailure.BadPayload, JsonWebToken.TryParse(_issuer.Sign($$"""{"a":{{new string('[', 4000)}}{{new string(']', 4000)}}}"""), out _));

    [Fact]
    public void Random_changes_of_a_token_never_pass_and_never_throw()
    {
        Assert.True(JsonWebKeySet.TryParse(_issuer.KeySet, out var set, out _));
        var valid = _issuer.Sign("""{"iss":"i","sub":"alice","exp":1900000000,"nested":{"a":["b"]}}""");
        var random = new Random(7);
        for (var i = 0; i < 5000; i++)
        {
            var changed = valid.ToCharArray();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                changed[random.Next(changed.Length)] = (char)random.Next(0x20, 0x80);
            }

            var text = new string(changed);
            if (text != valid && JsonWebToken.TryParse(text, out var token) == JwtFailure.None)
            {
                Assert.NotEqual(JwtFailure.None, set.Verify(token!));
            }
        }
    }
}
