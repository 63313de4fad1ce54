using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Server.Jwt;

/// <summary>One of them; or none, where the token may be missing from the places of all of them.</summary>
/// <param name="parts">In order.</param>
/// <param name="allowsMissing">allow_missing is one of them.</param>
/// <param name="allowsFailed">allow_missing_or_failed is one of them.</param>
internal sealed class AnyOfRequirement(JwtRequirement[] parts, bool allowsMissing, bool allowsFailed) : JwtRequirement
{
    public override JwtFailure Check(InboundRequest request)
    {
        var worst = JwtFailure.Missing;
        foreach (var part in parts)
        {
            var failure = part.Check(request);
            if (failure == JwtFailure.None)
            {
                return JwtFailure.None;
            }

            // What was wrong with a token of ours tells more than that another provider knows nothing of it.
            if (worst is JwtFailure.Missing || (worst is JwtFailure.UnknownIssuer && failure is not JwtFailure.Missing))
            {
                worst = failure;
            }
        }

        return allowsFailed || (allowsMissing && worst == JwtFailure.Missing) ? JwtFailure.None : worst;
    }
}
