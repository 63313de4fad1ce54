using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Server.Jwt;

/// <summary>A compiled requirement.</summary>
internal abstract class JwtRequirement
{
    /// <summary>What is missing, or <see cref="JwtFailure.None"/>.</summary>
    public abstract JwtFailure Check(InboundRequest request);
}
