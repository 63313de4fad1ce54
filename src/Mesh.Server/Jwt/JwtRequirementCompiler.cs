using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Jwt;

/// <summary>From configured requirements to checks.</summary>
internal sealed class JwtRequirementCompiler(JwtProvider[] providers)
{
    public JwtRequirement Compile(JwtRequirementConfig config) => config switch
    {
        JwtTokenRequirementConfig token => Token(token),
        JwtAllOfRequirementConfig all => new AllOfRequirement([.. all.Requirements.Select(Compile)]),
        JwtAnyOfRequirementConfig any => Any(any.Requirements),

        // Alone it asks about the tokens of all providers (jwt_authn, "allow_missing").
        JwtOptionalRequirementConfig alone => new AnyOfRequirement(
            [.. providers.Select(p => new TokenRequirement(p, p.With(null)))], allowsMissing: true, alone.EvenIfInvalid),
        _ => throw new InvalidOperationException($"No check for {config.GetType().Name}."),
    };

    private AnyOfRequirement Any(EquatableArray<JwtRequirementConfig> parts)
    {
        var optional = parts.OfType<JwtOptionalRequirementConfig>().ToList();
        return new AnyOfRequirement(
            [.. parts.Where(p => p is not JwtOptionalRequirementConfig).Select(Compile)],
            optional.Count > 0,
            optional.Exists(o => o.EvenIfInvalid));
    }

    private TokenRequirement Token(JwtTokenRequirementConfig config)
    {
        var provider = providers.First(p => p.Config.Name == config.Provider);
        return new TokenRequirement(provider, provider.With(config.Audiences));
    }
}
