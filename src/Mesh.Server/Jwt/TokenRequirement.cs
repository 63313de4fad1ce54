using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Server.Jwt;

/// <summary>A token of one provider.</summary>
internal sealed class TokenRequirement(JwtProvider provider, JwtRequirements requirements) : JwtRequirement
{
    public override JwtFailure Check(InboundRequest request) => provider.Verify(request, requirements);
}
