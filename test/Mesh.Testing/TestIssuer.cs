using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ProxylessMesh.Testing;

/// <summary>Signs tokens, also wrong ones, and publishes its keys.</summary>
public sealed class TestIssuer : IDisposable
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;
    private readonly HashAlgorithmName _hash;

    /// <summary>A new key pair for <paramref name="algorithm"/>.</summary>
    public TestIssuer(string algorithm = "ES256", string keyId = "key-1", string issuer = "https://issuer.test")
    {
        (Algorithm, KeyId, Issuer) = (algorithm, keyId, issuer);
        _hash = new HashAlgorithmName("SHA" + algorithm[2..]);
        if (algorithm[0] == 'E')
        {
            _ec = ECDsa.Create(algorithm switch
            {
                "ES256" => ECCurve.NamedCurves.nistP256,
                "ES384" => ECCurve.NamedCurves.nistP384,
                _ => ECCurve.NamedCurves.nistP521,
            });
        }
        else
        {
            _rsa = RSA.Create(2048);
        }
    }

    /// <summary>As in the header.</summary>
    public string Algorithm { get; }

    /// <summary>The key's.</summary>
    public string KeyId { get; }

    /// <summary>The claim iss of its tokens.</summary>
    public string Issuer { get; }

    /// <summary>A set with this key alone.</summary>
    public string KeySet => SetOf(this);

    /// <summary>The public key.</summary>
    public JsonObject PublicKey()
    {
        var key = new JsonObject { ["kid"] = KeyId, ["use"] = "sig", ["alg"] = Algorithm };
        if (_rsa is not null)
        {
            var rsa = _rsa.ExportParameters(false);
            key["kty"] = "RSA";
            key["n"] = Text(rsa.Modulus!);
            key["e"] = Text(rsa.Exponent!);
        }
        else
        {
            var ec = _ec!.ExportParameters(false);
            key["kty"] = "EC";
            key["crv"] = "P-" + (Algorithm == "ES512" ? "521" : Algorithm[2..]);
            key["x"] = Text(ec.Q.X!);
            key["y"] = Text(ec.Q.Y!);
        }

        return key;
    }

    /// <summary>A set of these keys.</summary>
    public static string SetOf(params TestIssuer[] issuers) =>
        new JsonObject { ["keys"] = new JsonArray([.. issuers.Select(i => (JsonNode)i.PublicKey())]) }.ToJsonString();

    /// <summary>A token of this issuer that lives for an hour from <paramref name="now"/>; claims of <paramref name="more"/> are added, or replace.</summary>
    public string Token(DateTimeOffset now, JsonObject? more = null)
    {
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = "alice",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in more ?? [])
        {
            claims[name] = value?.DeepClone();
        }

        return Sign(claims.ToJsonString());
    }

    /// <summary>Signs any payload under any header.</summary>
    public string Sign(string payload, string? header = null)
    {
        header ??= new JsonObject { ["alg"] = Algorithm, ["typ"] = "JWT", ["kid"] = KeyId }.ToJsonString();
        var signed = $"{Text(header)}.{Text(payload)}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        var signature = _rsa is not null
            ? _rsa.SignData(bytes, _hash, Algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
            : _ec!.SignData(bytes, _hash);
        return $"{signed}.{Text(signature)}";
    }

    /// <summary>Base64url of UTF-8.</summary>
    public static string Text(string text) => Text(Encoding.UTF8.GetBytes(text));

    /// <summary>Base64url.</summary>
    public static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        _rsa?.Dispose();
        _ec?.Dispose();
    }
}
