using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ProxylessMesh.Xds.Jose;

/// <summary>The claims of a token; the registered ones with their types (RFC 7519, section 4.1).</summary>
internal sealed class JwtClaims
{
    private JwtClaims(JsonElement payload) => Payload = payload;

    /// <summary>All of them.</summary>
    public JsonElement Payload { get; }

    /// <summary>Null when the claim is not there.</summary>
    public string? Issuer { get; private init; }

    /// <summary>Null when the claim is not there.</summary>
    public string? Subject { get; private init; }

    /// <summary>One string is a list of one.</summary>
    public IReadOnlyList<string> Audiences { get; private init; } = [];

    /// <summary>Seconds since 1970; parts of a second are allowed (RFC 7519, section 2, NumericDate).</summary>
    public double? ExpiresAt { get; private init; }

    /// <inheritdoc cref="ExpiresAt"/>
    public double? NotBefore { get; private init; }

    /// <inheritdoc cref="ExpiresAt"/>
    public double? IssuedAt { get; private init; }

    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out JwtClaims? claims)
    {
        claims = null;
        if (!StrictJson.TryReadObject(json, out var payload))
        {
            return false;
        }

        if (TryText(payload, "iss", out var issuer) && TryText(payload, "sub", out var subject) && TryAudiences(payload, out var audiences)
            && TryDate(payload, "exp", out var expiresAt) && TryDate(payload, "nbf", out var notBefore) && TryDate(payload, "iat", out var issuedAt))
        {
            claims = new JwtClaims(payload)
            {
                Issuer = issuer,
                Subject = subject,
                Audiences = audiences,
                ExpiresAt = expiresAt,
                NotBefore = notBefore,
                IssuedAt = issuedAt,
            };
            return true;
        }

        return false;
    }

    private static bool TryText(JsonElement payload, string name, out string? text)
    {
        text = null;
        if (!payload.TryGetProperty(name, out var value))
        {
            return true;
        }

        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null;
    }

    private static bool TryAudiences(JsonElement payload, out IReadOnlyList<string> audiences)
    {
        audiences = [];
        if (!payload.TryGetProperty("aud", out var value))
        {
            return true;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            audiences = [value.GetString()!];
            return true;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        var list = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            list.Add(item.GetString()!);
        }

        audiences = list;
        return true;
    }

    // A number in quotes is not a number, and null is not "no expiry".
    private static bool TryDate(JsonElement payload, string name, out double? seconds)
    {
        seconds = null;
        if (!payload.TryGetProperty(name, out var value))
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            return false;
        }

        seconds = number;
        return true;
    }
}
