using System.Text;
using System.Text.Json;

namespace ProxylessMesh.Xds.Jose;

/// <summary>
/// A token as it came, in the compact serialization of JWS (RFC 7515, section 7.1): its form is checked, nothing of it is
/// proved until <see cref="JsonWebKeySet.Verify"/> says so.
/// </summary>
internal sealed class JsonWebToken
{
    /// <summary>Characters; Kestrel lets 32 KiB of headers through.</summary>
    public const int MaxLength = 16 * 1024;

    private JsonWebToken(JoseAlgorithm algorithm, string? keyId, byte[] signedBytes, byte[] signature, byte[] payloadBytes, JwtClaims claims)
    {
        Algorithm = algorithm;
        KeyId = keyId;
        SignedBytes = signedBytes;
        Signature = signature;
        PayloadBytes = payloadBytes;
        Claims = claims;
    }

    /// <summary>What the header says; a key decides whether it may be so.</summary>
    public JoseAlgorithm Algorithm { get; }

    /// <summary>Compared, never used as a name of anything.</summary>
    public string? KeyId { get; }

    /// <summary>Header and payload as they came.</summary>
    public byte[] SignedBytes { get; }

    public byte[] Signature { get; }

    /// <summary>The payload's JSON.</summary>
    public byte[] PayloadBytes { get; }

    public JwtClaims Claims { get; }

    /// <summary>Reads a token.</summary>
    public static JwtFailure TryParse(ReadOnlySpan<char> text, out JsonWebToken? token)
    {
        token = null;
        if (text.Length > MaxLength)
        {
            return JwtFailure.TooLong;
        }

        var first = text.IndexOf('.');
        var last = text.LastIndexOf('.');
        if (first <= 0 || last <= first + 1 || text[(first + 1)..last].Contains('.')
            || !StrictBase64Url.TryDecode(text[..first], out var header)
            || !StrictBase64Url.TryDecode(text[(first + 1)..last], out var payload)
            || !StrictBase64Url.TryDecode(text[(last + 1)..], out var signature))
        {
            return JwtFailure.Malformed;
        }

        var failure = ReadHeader(header, out var algorithm, out var keyId);
        if (failure != JwtFailure.None)
        {
            return failure;
        }

        if (!JwtClaims.TryRead(payload, out var claims))
        {
            return JwtFailure.BadPayload;
        }

        token = new JsonWebToken(algorithm, keyId, Ascii(text[..last]), signature, payload, claims);
        return JwtFailure.None;
    }

    private static byte[] Ascii(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length];
        Encoding.ASCII.GetBytes(text, bytes);
        return bytes;
    }

    // jku, x5u, jwk, x5c: a token does not bring its own keys (RFC 8725, sections 3.1 and 3.10).
    private static JwtFailure ReadHeader(byte[] json, out JoseAlgorithm algorithm, out string? keyId)
    {
        algorithm = default;
        keyId = null;
        if (!StrictJson.TryReadObject(json, out var header)
            || !header.TryGetProperty("alg", out var alg) || alg.ValueKind != JsonValueKind.String || !TryKeyId(header, out keyId))
        {
            return JwtFailure.BadHeader;
        }

        if (JoseAlgorithms.Find(alg.GetString()!) is not { } known)
        {
            return JwtFailure.UnsupportedAlgorithm;
        }

        algorithm = known;

        // RFC 7797: b64 changes what is signed. Whoever sets it must also list it in crit, and no entry of crit is known here.
        return header.TryGetProperty("crit", out _) || header.TryGetProperty("b64", out _)
            ? JwtFailure.UnsupportedExtension
            : JwtFailure.None;
    }

    private static bool TryKeyId(JsonElement header, out string? keyId)
    {
        keyId = null;
        if (!header.TryGetProperty("kid", out var value))
        {
            return true;
        }

        keyId = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return keyId is not null;
    }
}
