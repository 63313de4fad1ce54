using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.CertificateAuthority.Kubernetes;
using ProxylessMesh.Testing;

namespace ProxylessMesh.ControlPlane.Tests.CertificateAuthority.Kubernetes;

public sealed class OfflineTokenVerifierTests : AuthorityFixture
{
    private const string Issuer = "https://kubernetes.default.svc.cluster.local";

    private readonly TemporaryDirectory _files = new();
    private readonly RSA _key = RSA.Create(2048);

    private string KeyFile => _files.File("jwks.json");

    [Fact]
    public async Task A_token_that_the_cluster_has_signed_proves_its_account()
    {
        Assert.Equal(Reviews, (await VerifyAsync(Token())).Id);
        Assert.Equal(Reviews, (await VerifyAsync(Token(c => c["aud"] = new JsonArray("other", "istio-ca")))).Id);
    }

    [Fact]
    public async Task What_is_not_for_us_not_from_there_or_not_in_time_proves_nothing()
    {
        (Action<JsonObject> Change, string Reason)[] cases =
        [
            (c => c["iss"] = "https://elsewhere", "issuer"),
            (c => c["iss"] = Issuer + "/", "issuer"),
            (c => c.Remove("iss"), "issuer"),
            (c => c["aud"] = "vault", "audience istio-ca"),
            (c => c["aud"] = "https://istio-ca/", "audience istio-ca"),
            (c => c.Remove("aud"), "audience istio-ca"),
            (c => c["exp"] = Time.GetUtcNow().AddHours(-1).ToUnixTimeSeconds(), "expired"),
            (c => c["exp"] = "9999999999", "payload"),
            (c => c.Remove("exp"), "no expiry"),
            (c => c["nbf"] = Time.GetUtcNow().AddHours(1).ToUnixTimeSeconds(), "not yet valid"),
            (c => c["sub"] = "admin", "not of a service account"),
            (c => c["sub"] = "system:serviceaccount:default:reviews:more", "not of a service account"),
            (c => c["sub"] = "system:serviceaccount:default:../istiod", "no SPIFFE id"),
            (c => c.Remove("sub"), "not of a service account"),
        ];
        foreach (var (change, reason) in cases)
        {
            Assert.Contains(reason, (await VerifyAsync(Token(change))).Error, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Forged_tokens_prove_nothing()
    {
        using var stranger = RSA.Create(2048);
        var claims = Claims();
        var good = Token();
        var parts = good.Split('.');
        var publicKey = Encoding.ASCII.GetBytes(_key.ExportSubjectPublicKeyInfoPem());
        var hmac = $"{Encode("""{"alg":"HS256","kid":"k1"}""")}.{Encode(claims.ToJsonString())}";
        string[] forged =
        [
            Sign(stranger, claims),
            Sign(stranger, claims, """{"alg":"RS256","kid":"k1","jwk":{"kty":"RSA"}}"""),
            $"{Encode("""{"alg":"none"}""")}.{parts[1]}.",
            $"{Encode("""{"alg":"none","kid":"k1"}""")}.{parts[1]}.{parts[2]}",
            $"{hmac}.{Base64Url.EncodeToString(HMACSHA256.HashData(publicKey, Encoding.ASCII.GetBytes(hmac)))}",
            $"{parts[0]}.{Encode(Claims(c => c["sub"] = "system:serviceaccount:istio-system:istiod").ToJsonString())}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.",
            $"..{parts[2]}",
            "..",
            new string('a', 20_000) + ".b.c",
        ];
        foreach (var token in forged)
        {
            var proof = await VerifyAsync(token);
            Assert.False(proof.IsTrusted);
            Assert.DoesNotContain(parts[2], proof.Error, StringComparison.Ordinal);
        }

        var random = new SeededRandom(11);
        for (var round = 0; round < 500; round++)
        {
            var at = random.Next(good.Length);
            var altered = good[..at] + "ABCdef019-_."[random.Next(12)] + good[(at + 1)..];
            Assert.True(altered == good || !(await VerifyAsync(altered)).IsTrusted);
        }
    }

    [Fact]
    public async Task New_keys_in_the_file_count_at_once_and_damage_leaves_the_last()
    {
        using var next = RSA.Create(2048);
        WriteKeys(_key);
        using var verifier = Open();
        Assert.False((await verifier.VerifyAsync(Sign(next, Claims()), "cluster.local", CancellationToken.None)).IsTrusted);
        WriteKeys(next, "other-length");
        Assert.True((await verifier.VerifyAsync(Sign(next, Claims(), """{"alg":"RS256"}"""), "cluster.local", CancellationToken.None)).IsTrusted);
        File.WriteAllText(KeyFile, "{");
        Assert.True((await verifier.VerifyAsync(Sign(next, Claims(), """{"alg":"RS256"}"""), "cluster.local", CancellationToken.None)).IsTrusted);
    }

    [Fact]
    public void Without_keys_there_is_no_start()
    {
        Assert.Throws<CertificateAuthorityException>(Open);
        File.WriteAllText(KeyFile, """{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}""");
        Assert.Throws<CertificateAuthorityException>(Open);
        Assert.Throws<CertificateAuthorityException>(() => new OfflineTokenVerifier(
            new OfflineTokenOptions { Keys = "http://issuer.example/keys", Issuer = Issuer }, Time, new Logger<OfflineTokenVerifier>(Logs)));
    }

    [Fact]
    public async Task The_control_plane_takes_both_kinds_of_token()
    {
        using var authority = Open(Options);
        var tokens = JoinTokens.Open(Data, Time);
        WriteKeys(_key);
        using var verifier = Open();
        var callers = new CallerIdentity(authority, tokens, Time, verifier);
        Assert.Equal(Reviews, (await callers.VerifyAsync("Bearer " + tokens.Create("default", "reviews", TimeSpan.FromHours(1)), null, null, CancellationToken.None)).Id);
        Assert.Equal(Reviews, (await callers.VerifyAsync("Bearer " + Token(), null, null, CancellationToken.None)).Id);
    }

    private async Task<CallerProof> VerifyAsync(string token)
    {
        if (!File.Exists(KeyFile))
        {
            WriteKeys(_key);
        }

        using var verifier = Open();
        return await verifier.VerifyAsync(token, "cluster.local", CancellationToken.None);
    }

    private OfflineTokenVerifier Open() => new(new OfflineTokenOptions { Keys = KeyFile, Issuer = Issuer }, Time, new Logger<OfflineTokenVerifier>(Logs));

    private void WriteKeys(RSA key, string id = "k1")
    {
        var numbers = key.ExportParameters(false);
        File.WriteAllText(KeyFile, new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA",
                ["use"] = "sig",
                ["kid"] = id,
                ["n"] = Base64Url.EncodeToString(numbers.Modulus),
                ["e"] = Base64Url.EncodeToString(numbers.Exponent),
            }),
        }.ToJsonString());
    }

    private JsonObject Claims(Action<JsonObject>? change = null)
    {
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = "system:serviceaccount:default:reviews",
            ["aud"] = "istio-ca",
            ["exp"] = Time.GetUtcNow().AddHours(1).ToUnixTimeSeconds(),
        };
        change?.Invoke(claims);
        return claims;
    }

    private string Token(Action<JsonObject>? change = null) => Sign(_key, Claims(change));

    private static string Sign(RSA key, JsonObject claims, string header = """{"alg":"RS256","kid":"k1"}""")
    {
        var signed = $"{Encode(header)}.{Encode(claims.ToJsonString())}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
