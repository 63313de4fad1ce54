using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Policy;

/// <summary>What TLS connections meet that ask for certain names.</summary>
/// <param name="Names">In lower case, also <c>*.suffix</c>; none: any other name.</param>
/// <param name="Tls">How they are terminated.</param>
/// <param name="Filters">What their requests pass.</param>
internal sealed record ServerNameChain(EquatableArray<string> Names, DownstreamTlsConfig Tls, InboundFilterChain Filters);
