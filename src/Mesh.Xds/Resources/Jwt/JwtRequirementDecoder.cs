using Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Google.Protobuf.Collections;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Jwt;

/// <summary>JwtRequirement. One that is not set asks for nothing, as in Envoy.</summary>
internal static class JwtRequirementDecoder
{
    private const int MaxDepth = 16;

    public static JwtRequirementConfig? Decode(JwtRequirement requirement, Func<string, bool> isProvider, DecodeContext context, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            context.Error($"is nested deeper than {MaxDepth}");
            return null;
        }

        switch (requirement.RequiresTypeCase)
        {
            case JwtRequirement.RequiresTypeOneofCase.ProviderName:
                return Token(requirement.ProviderName, null, isProvider, context);
            case JwtRequirement.RequiresTypeOneofCase.ProviderAndAudiences:
                var narrowed = requirement.ProviderAndAudiences;
                return Token(narrowed.ProviderName, narrowed.Audiences.ToEquatableArray(), isProvider, context);
            case JwtRequirement.RequiresTypeOneofCase.RequiresAny:
                return new JwtAnyOfRequirementConfig(List("requires_any", requirement.RequiresAny.Requirements, isProvider, context, depth));
            case JwtRequirement.RequiresTypeOneofCase.RequiresAll:
                return new JwtAllOfRequirementConfig(List("requires_all", requirement.RequiresAll.Requirements, isProvider, context, depth));
            case JwtRequirement.RequiresTypeOneofCase.AllowMissing:
                return new JwtOptionalRequirementConfig(EvenIfInvalid: false);
            case JwtRequirement.RequiresTypeOneofCase.AllowMissingOrFailed:
                return new JwtOptionalRequirementConfig(EvenIfInvalid: true);
            case JwtRequirement.RequiresTypeOneofCase.ExtractOnlyWithoutValidation:
                context.Refuse(isSet: true, "extract_only_without_validation");
                return null;
            default:
                return null;
        }
    }

    private static JwtTokenRequirementConfig Token(string provider, EquatableArray<string>? audiences, Func<string, bool> isProvider, DecodeContext context)
    {
        if (!isProvider(provider))
        {
            context.Error($"{DecodeContext.Quote(provider)} is not in providers");
        }

        return new JwtTokenRequirementConfig(provider, audiences);
    }

    private static EquatableArray<JwtRequirementConfig> List(
        string field, RepeatedField<JwtRequirement> requirements, Func<string, bool> isProvider, DecodeContext context, int depth)
    {
        using (context.Enter(field))
        {
            // The field's rule in Envoy: of one, there is nothing to choose.
            if (requirements.Count < 2)
            {
                context.Error("must have at least 2 requirements");
            }

            var list = new List<JwtRequirementConfig>(requirements.Count);
            for (var i = 0; i < requirements.Count; i++)
            {
                using (context.Enter("requirements", i))
                {
                    if (Decode(requirements[i], isProvider, context, depth + 1) is { } decoded)
                    {
                        list.Add(decoded);
                    }
                    else
                    {
                        context.Error("requires_type", "is missing");
                    }
                }
            }

            return list.ToEquatableArray();
        }
    }
}
