using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Server.Jwt;

/// <summary>Each of them.</summary>
internal sealed class AllOfRequirement(JwtRequirement[] parts) : JwtRequirement
{
    public override JwtFailure Check(InboundRequest request)
    {
        foreach (var part in parts)
        {
            var failure = part.Check(request);
            if (failure != JwtFailure.None)
            {
                return failure;
            }
        }

        return JwtFailure.None;
    }
}
