using System.Security.Claims;
using System.Text.Json;

namespace ProxylessMesh.Server.Jwt;

/// <summary>
/// A token in the terms of ASP.NET's authorization: claims keep their names. Those that speak of workloads are left out, so that
/// no issuer of tokens can make a user look like a mesh identity.
/// </summary>
internal static class TokenIdentity
{
    private const string WorkloadPrefix = "source.";

    public static ClaimsIdentity Of(VerifiedToken token)
    {
        var identity = new ClaimsIdentity(MeshTokenClaims.AuthenticationType, "sub", "roles");
        foreach (var claim in token.Payload.EnumerateObject())
        {
            if (claim.Name == ClaimTypes.NameIdentifier || claim.Name.StartsWith(WorkloadPrefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (claim.Value.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in claim.Value.EnumerateArray())
                {
                    Add(identity, claim.Name, item, token.Issuer);
                }
            }
            else
            {
                Add(identity, claim.Name, claim.Value, token.Issuer);
            }
        }

        return identity;
    }

    private static void Add(ClaimsIdentity identity, string name, JsonElement value, string issuer)
    {
        var (text, type) = value.ValueKind switch
        {
            JsonValueKind.String => (value.GetString()!, ClaimValueTypes.String),
            JsonValueKind.True or JsonValueKind.False => (value.GetRawText(), ClaimValueTypes.Boolean),
            JsonValueKind.Number => (value.GetRawText(), ClaimValueTypes.Double),
            _ => (value.GetRawText(), "JSON"),
        };
        identity.AddClaim(new Claim(name, text, type, issuer));
    }
}
