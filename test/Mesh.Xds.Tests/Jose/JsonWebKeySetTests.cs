using System.Text.Json.Nodes;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Xds.Tests.Jose;

public sealed class JsonWebKeySetTests : IDisposable
{
    private readonly TestIssuer _rsa = new("RS256", "rsa");
    private readonly TestIssuer _ec = new("ES256", "ec");

    public void Dispose()
    {
        _rsa.Dispose();
        _ec.Dispose();
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS384")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public void A_key_verifies_what_its_other_half_signed(string algorithm)
    {
        using var issuer = new TestIssuer(algorithm);
        Assert.Equal(JwtFailure.None, Verify(issuer.KeySet, issuer.Sign("{}")));
        using var other = new TestIssuer(algorithm);
        Assert.Equal(JwtFailure.WrongSignature, Verify(issuer.KeySet, other.Sign("{}")));
    }

    [Fact]
    public void The_keys_algorithm_counts_and_not_the_tokens()
    {
        // A key for RS256 verifies no PS256, even though the key would do; a curve knows one algorithm.
        using var pss = new TestIssuer("PS256", "rsa");
        var key = pss.PublicKey();
        key["alg"] = "RS256";
        Assert.Equal(JwtFailure.UnknownKey, Verify(SetOf(key), pss.Sign("{}")));
        key.Remove("alg");
        Assert.Equal(JwtFailure.None, Verify(SetOf(key), pss.Sign("{}")));
        Assert.Equal(JwtFailure.UnknownKey, Verify(_ec.KeySet, _ec.Sign("{}", """{"alg":"ES384","kid":"ec"}""")));
        Assert.Equal(JwtFailure.UnknownKey, Verify(_rsa.KeySet, _ec.Sign("{}", """{"alg":"ES256","kid":"rsa"}""")));
    }

    [Fact]
    public void A_key_id_only_selects()
    {
        var both = TestIssuer.SetOf(_rsa, _ec);
        Assert.Equal(JwtFailure.None, Verify(both, _ec.Sign("{}", """{"alg":"ES256"}""")));
        foreach (var name in (string[])["../../etc/passwd", "", "EC", "' OR 1=1 --", new string('k', 4000)])
        {
            Assert.Equal(JwtFailure.UnknownKey, Verify(both, _ec.Sign("{}", new JsonObject { ["alg"] = "ES256", ["kid"] = name }.ToJsonString())));
        }

        var nameless = _ec.PublicKey();
        nameless.Remove("kid");
        Assert.Equal(JwtFailure.None, Verify(SetOf(nameless), _ec.Sign("{}")));
    }

    [Fact]
    public void Keys_that_a_token_brings_along_are_ignored()
    {
        using var attacker = new TestIssuer("ES256", "ec");
        var header = new JsonObject { ["alg"] = "ES256", ["jwk"] = attacker.PublicKey(), ["jku"] = "http://169.254.169.254/", ["x5u"] = "file:///etc/passwd", ["x5c"] = new JsonArray("AA==") };
        Assert.Equal(JwtFailure.WrongSignature, Verify(_ec.KeySet, attacker.Sign("{}", header.ToJsonString())));
    }

    [Theory]
    [InlineData(64, 0, 0)]
    [InlineData(64, 0, 1)]
    [InlineData(64, 1, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(63, 1, 1)]
    [InlineData(65, 1, 1)]
    [InlineData(70, 1, 1)]
    [InlineData(64, 255, 255)]
    public void Signatures_of_zeros_ones_or_another_length_verify_nothing(int length, byte r, byte s)
    {
        var signature = new byte[length];
        if (length > 0)
        {
            signature.AsSpan(0, length / 2).Fill(r);
            signature.AsSpan(length / 2).Fill(s);
        }

        var signed = _ec.Sign("{}");
        Assert.Equal(JwtFailure.WrongSignature, Verify(_ec.KeySet, signed[..(signed.LastIndexOf('.') + 1)] + TestIssuer.Text(signature)));
    }

    [Theory]
    [InlineData("kty", "oct", "shared secret")]
    [InlineData("kty", "OKP", "Ed25519")]
    [InlineData("kty", "ec", "kty is none")]
    [InlineData("use", "enc", "use is not sig")]
    [InlineData("alg", "HS256", "alg is none of")]
    [InlineData("alg", "RS256", "does not suit")]
    [InlineData("alg", "ES384", "does not suit")]
    [InlineData("crv", "P-384", "48 bytes")]
    [InlineData("crv", "secp256k1", "crv is none")]
    [InlineData("x", "AA", "32 bytes")]
    [InlineData("x", "A=", "base64url")]
    [InlineData("x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "no point")]
    public void A_key_that_cannot_be_used_is_ignored_with_the_reason(string member, string value, string reason)
    {
        var key = _ec.PublicKey();
        key[member] = value;
        Assert.False(JsonWebKeySet.TryParse(SetOf(key), out _, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);

        Assert.True(JsonWebKeySet.TryParse(SetOf(key, _rsa.PublicKey()), out var set, out _));
        Assert.Equal("rsa", Assert.Single(set.Keys).KeyId);
        Assert.Contains(reason, Assert.Single(set.Ignored), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["sign"]""")]
    [InlineData("\"verify\"")]
    [InlineData("[]")]
    public void Key_ops_must_hold_verify(string operations)
    {
        var key = _ec.PublicKey();
        key["key_ops"] = JsonNode.Parse(operations);
        Assert.False(JsonWebKeySet.TryParse(SetOf(key), out _, out _));
        key["key_ops"] = new JsonArray("verify");
        Assert.True(JsonWebKeySet.TryParse(SetOf(key), out _, out _));
    }

    [Fact]
    public void Private_members_and_certificates_are_ignored()
    {
        var key = _ec.PublicKey();
        key["d"] = "AAAA";
        key["x5c"] = new JsonArray("not a certificate");
        key["x5u"] = "http://169.254.169.254/";
        Assert.Equal(JwtFailure.None, Verify(SetOf(key), _ec.Sign("{}")));
    }

    [Theory]
    [InlineData("AQ")]
    [InlineData("AA")]
    [InlineData("AgAB")]
    [InlineData("BA")]
    [InlineData("AQABAQABAQABAQAB")]
    [InlineData("")]
    public void Odd_exponents_are_refused(string exponent)
    {
        var key = _rsa.PublicKey();
        key["e"] = exponent;
        var parsed = JsonWebKeySet.TryParse(SetOf(key), out _, out _);
        Assert.Equal(exponent == "AgAB", parsed);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(255)]
    [InlineData(1025)]
    public void Rsa_keys_have_2048_to_8192_bits(int bytes)
    {
        var modulus = new byte[bytes];
        Array.Fill(modulus, (byte)0xC1);
        var key = _rsa.PublicKey();
        key["n"] = TestIssuer.Text(modulus);
        Assert.False(JsonWebKeySet.TryParse(SetOf(key), out _, out var error));
        Assert.Contains("2048 to 8192", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[7,null,"a",[]]}""")]
    [InlineData("""{"keys":[],"keys":[]}""")]
    public void Other_documents_are_no_sets(string json) => Assert.False(JsonWebKeySet.TryParse(json, out _, out _));

    [Fact]
    public void Sets_are_bounded()
    {
        var many = Enumerable.Range(0, JsonWebKeySet.MaxKeys + 1).Select(_ => (JsonNode)_ec.PublicKey()).ToArray();
        Assert.False(JsonWebKeySet.TryParse(new JsonObject { ["keys"] = new JsonArray(many) }.ToJsonString(), out _, out var error));
        Assert.Contains("128", error, StringComparison.Ordinal);
        Assert.False(JsonWebKeySet.TryParse(new string(' ', JsonWebKeySet.MaxBytes + 1), out _, out error));
        Assert.Contains("256 KiB", error, StringComparison.Ordinal);
    }

    private static JwtFailure Verify(string keys, string text)
    {
        Assert.True(JsonWebKeySet.TryParse(keys, out var set, out var error), error);
        Assert.Equal(JwtFailure.None, JsonWebToken.TryParse(text, out var token));
        return set.Verify(token!);
    }

    private static string SetOf(params JsonObject[] keys) =>
        new JsonObject { ["keys"] = new JsonArray([.. keys.Select(k => k.DeepClone())]) }.ToJsonString();
}
