using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Server.Jwt;

/// <summary>Headers that tell the app what a token says.</summary>
internal sealed class ClaimHeaders(JwtProviderConfig config)
{
    /// <summary>Nobody but a token says it.</summary>
    public void Remove(IHeaderDictionary headers)
    {
        if (config.PayloadHeader.Length > 0)
        {
            headers.Remove(config.PayloadHeader);
        }

        foreach (var header in config.ClaimHeaders)
        {
            headers.Remove(header.Header);
        }
    }

    /// <summary>Claims that are lists, objects or no text of a header leave their header away.</summary>
    public KeyValuePair<string, string>[] Of(JsonWebToken token)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var header in config.ClaimHeaders)
        {
            if (TryFind(token.Claims.Payload, header.Claim, out var claim) && Text(claim) is { } text && IsPrintable(text))
            {
                headers.Add(new(header.Header, text));
            }
        }

        if (config.PayloadHeader.Length > 0)
        {
            headers.Add(new(config.PayloadHeader, Encode(token.PayloadBytes)));
        }

        return [.. headers];
    }

    private static bool TryFind(JsonElement payload, string claim, out JsonElement found)
    {
        if (payload.TryGetProperty(claim, out found))
        {
            return true;
        }

        found = payload;
        foreach (var range in claim.AsSpan().Split('.'))
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(claim.AsSpan(range), out found))
            {
                return false;
            }
        }

        return true;
    }

    private static string? Text(JsonElement claim) => claim.ValueKind switch
    {
        JsonValueKind.String => claim.GetString(),
        JsonValueKind.Number => claim.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    // A line end would begin another header (RFC 9110, section 5.5).
    private static bool IsPrintable(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private string Encode(byte[] payload)
    {
        var text = Base64Url.EncodeToString(payload);
        return config.PadsPayload ? text.PadRight((text.Length + 3) / 4 * 4, '=') : text;
    }
}
