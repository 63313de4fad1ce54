using System.Text.Json;

namespace ProxylessMesh.Xds.Jose;

/// <summary>
/// Reads one key of a set. Private members are ignored, and so are x5u, x5c and x5t: a certificate proves nothing here, and
/// nothing is fetched.
/// </summary>
internal static class JsonWebKeyReader
{
    private const int MaxKeyIdLength = 1024;

    /// <summary>Null, with a reason, where it is not a key that verifies signatures.</summary>
    public static JsonWebKey? Read(JsonElement json, out string error)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            error = "a key is an object";
            return null;
        }

        if (!TryText(json, "kid", out var keyId) || keyId?.Length > MaxKeyIdLength)
        {
            error = $"kid is a string of at most {MaxKeyIdLength} characters";
            return null;
        }

        if (UseError(json) is { } unfit)
        {
            error = unfit;
            return null;
        }

        if (Key(json, out error) is not { } key)
        {
            return null;
        }

        if (!TryText(json, "alg", out var name) || (name is not null && JoseAlgorithms.Find(name) is null))
        {
            error = "alg is none of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 and ES512";
            return null;
        }

        var algorithm = name is null ? null : JoseAlgorithms.Find(name);
        if (algorithm is { } only && !key.Allows(only))
        {
            error = "alg does not suit the type of the key";
            return null;
        }

        return new JsonWebKey(keyId, algorithm, key);
    }

    private static SignatureKey? Key(JsonElement json, out string error)
    {
        TryText(json, "kty", out var type);
        switch (type)
        {
            case "RSA" when Number(json, "n") is { } modulus && Number(json, "e") is { } exponent:
                return RsaSignatureKey.Create(modulus, exponent, out error);
            case "EC" when TryText(json, "crv", out var curve) && curve is not null && Number(json, "x") is { } x && Number(json, "y") is { } y:
                return EcSignatureKey.Create(curve, x, y, out error);
            case "RSA":
                error = "an RSA key needs n and e in base64url";
                return null;
            case "EC":
                error = "an EC key needs crv, and x and y in base64url";
                return null;
            case "oct":
                error = "kty oct is a shared secret: who can verify with it can also sign";
                return null;
            case "OKP":
                error = "kty OKP (EdDSA) is not supported: .NET 10 has no Ed25519";
                return null;
            default:
                error = "kty is none of RSA and EC";
                return null;
        }
    }

    // RFC 7517, sections 4.2 and 4.3.
    private static string? UseError(JsonElement json)
    {
        if (json.TryGetProperty("use", out var use) && !(use.ValueKind == JsonValueKind.String && use.ValueEquals("sig"u8)))
        {
            return "use is not sig";
        }

        if (!json.TryGetProperty("key_ops", out var operations))
        {
            return null;
        }

        if (operations.ValueKind == JsonValueKind.Array)
        {
            foreach (var operation in operations.EnumerateArray())
            {
                if (operation.ValueKind == JsonValueKind.String && operation.ValueEquals("verify"u8))
                {
                    return null;
                }
            }
        }

        return "key_ops lacks verify";
    }

    private static byte[]? Number(JsonElement json, string name) =>
        TryText(json, name, out var text) && text is { Length: > 0 } && StrictBase64Url.TryDecode(text, out var bytes) ? bytes : null;

    /// <summary>Null when it is not there; false when it is no string.</summary>
    private static bool TryText(JsonElement json, string name, out string? text)
    {
        text = null;
        if (!json.TryGetProperty(name, out var value))
        {
            return true;
        }

        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null;
    }
}
