using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>An entry of RequestAuthentication.jwtRules.</summary>
internal static class JwtRuleReader
{
    private const int MaxUriLength = 2048;
    private const int MaxSpaceDelimited = 64;

    private static readonly EnumNames<bool> Presence = new(("OPTIONAL", true), ("REQUIRED", null));

    public static JwtRule? Read(YamlObject rule)
    {
        var issuer = rule.RequiredString("issuer");
        var uri = KeySetUri(rule);
        var keys = KeySet(rule);
        if (rule.Has("jwks") && rule.Has("jwksUri"))
        {
            rule.Problems.Error(rule.PositionOf("jwks"), ProblemCodes.Conflict, $"{rule.PathOf("jwks")} and jwksUri exclude each other", "remove one of them");
        }

        if (issuer is not null && !rule.Has("jwks") && !rule.Has("jwksUri") && WebUri(issuer) is null)
        {
            rule.Problems.Error(
                rule.PositionOf("issuer"), ProblemCodes.JwtKeysUnknown, $"{rule.PathOf("issuer")} {Quoted.Of(issuer)} is no http or https URL, so its keys cannot be discovered", "add jwksUri or jwks");
        }

        // REQUIRED would refuse requests without a token; here an AuthorizationPolicy does.
        rule.Enum("presence", Presence, true);
        var read = new JwtRule(issuer ?? "")
        {
            Audiences = NotEmpty(rule, "audiences"),
            KeySet = keys,
            KeySetUri = uri,
            Timeout = rule.Duration("timeout") ?? TimeSpan.FromSeconds(5),
            Headers = Headers(rule),
            Parameters = NotEmpty(rule, "fromParams"),
            Cookies = NotEmpty(rule, "fromCookies"),
            PayloadHeader = rule.String("outputPayloadToHeader") is { Length: > 0 } name ? JwtHeaderNames.Check(rule, "outputPayloadToHeader", name) : "",
            Forward = rule.Bool("forwardOriginalToken") ?? false,
            ClaimHeaders = ClaimHeaders(rule),
            SpaceDelimitedClaims = NotEmpty(rule, "spaceDelimitedClaims"),
        };
        if (read.SpaceDelimitedClaims.Count > MaxSpaceDelimited)
        {
            rule.Problems.Error(rule.PositionOf("spaceDelimitedClaims"), ProblemCodes.InvalidValue, $"{rule.PathOf("spaceDelimitedClaims")} has {read.SpaceDelimitedClaims.Count} entries: at most {MaxSpaceDelimited}");
        }

        rule.Close(KnownFields.None);
        return issuer is null ? null : read;
    }

    /// <summary>Null: no http or https URL, or one with a user or a fragment in it.</summary>
    public static Uri? WebUri(string text) =>
        text.Length <= MaxUriLength && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0
        && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0
            ? uri
            : null;

    private static Uri? KeySetUri(YamlObject rule)
    {
        if (rule.String("jwksUri") is not { } text)
        {
            return null;
        }

        var uri = WebUri(text);
        if (uri is null)
        {
            // Not shown: it can hold a password.
            rule.Problems.Error(
                rule.PositionOf("jwksUri"), ProblemCodes.InvalidValue, $"{rule.PathOf("jwksUri")} is no URL from which keys are fetched", $"an absolute http or https URL without user or fragment, of at most {MaxUriLength} characters");
        }

        return uri;
    }

    private static string? KeySet(YamlObject rule)
    {
        if (rule.String("jwks") is not { } json)
        {
            return null;
        }

        if (!JsonWebKeySet.TryParse(json, out var set, out var error))
        {
            rule.Problems.Error(rule.PositionOf("jwks"), ProblemCodes.JwksInvalid, $"{rule.PathOf("jwks")} {error}", "a JSON Web Key Set with RSA or EC public keys: {\"keys\":[...]}");
            return null;
        }

        foreach (var ignored in set.Ignored)
        {
            rule.Problems.Warning(rule.PositionOf("jwks"), ProblemCodes.JwksKeyIgnored, $"{rule.PathOf("jwks")}: {ignored}; the key is not used");
        }

        return json;
    }

    private static EquatableArray<JwtHeaderConfig> Headers(YamlObject rule)
    {
        var headers = new List<JwtHeaderConfig>();
        foreach (var item in rule.Objects("fromHeaders"))
        {
            var name = item.RequiredString("name");
            var prefix = item.String("prefix") ?? "";
            if (name is not null)
            {
                headers.Add(new JwtHeaderConfig(JwtHeaderNames.Check(item, "name", name), prefix));
            }

            item.Close(KnownFields.None);
        }

        return headers.ToEquatableArray();
    }

    private static EquatableArray<JwtClaimHeaderConfig> ClaimHeaders(YamlObject rule)
    {
        var headers = new List<JwtClaimHeaderConfig>();
        foreach (var item in rule.Objects("outputClaimToHeaders"))
        {
            var name = item.RequiredString("header");
            var claim = item.RequiredString("claim");
            if (name is not null && claim is not null)
            {
                headers.Add(new JwtClaimHeaderConfig(JwtHeaderNames.CheckOutput(item, "header", name), claim));
            }

            item.Close(KnownFields.None);
        }

        return headers.ToEquatableArray();
    }

    private static EquatableArray<string> NotEmpty(YamlObject rule, string field)
    {
        var texts = rule.Strings(field);
        for (var i = 0; i < texts.Count; i++)
        {
            if (texts[i].Length == 0)
            {
                rule.Problems.Error(rule.PositionOf(field), ProblemCodes.InvalidValue, $"{rule.PathOf(field)}[{i}] is empty");
            }
        }

        return texts;
    }
}
