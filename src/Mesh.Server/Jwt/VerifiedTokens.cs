using System.Text.Json;
using System.Text.Json.Nodes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Server.Jwt;

/// <summary>What a verified token says, in the form in which policies ask.</summary>
internal static class VerifiedTokens
{
    /// <param name="token">Verified.</param>
    /// <param name="spaceDelimited">Claims whose text is a list of words, such as scope (RFC 8693, section 4.2).</param>
    public static VerifiedToken Of(JsonWebToken token, EquatableArray<string> spaceDelimited)
    {
        var claims = token.Claims;
        return new VerifiedToken(claims.Issuer ?? "", claims.Subject ?? "", Normalized(claims.Payload, spaceDelimited));
    }

    private static JsonElement Normalized(JsonElement payload, EquatableArray<string> spaceDelimited)
    {
        JsonObject? changed = null;
        foreach (var name in spaceDelimited)
        {
            if (payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
            {
                var words = value.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                changed ??= JsonObject.Create(payload)!;
                changed[name] = new JsonArray([.. words.Select(word => (JsonNode)word)]);
            }
        }

        return changed is null ? payload : JsonElement.Parse(changed.ToJsonString());
    }
}
