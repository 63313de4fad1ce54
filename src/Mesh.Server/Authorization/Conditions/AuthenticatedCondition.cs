using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>
/// authenticated (gRFC A41): the peer's name is the URI of its certificate; a TLS client without a certificate has the empty
/// name; plaintext has none. Without a matcher any TLS connection will do.
/// </summary>
internal sealed class AuthenticatedCondition(StringMatchConfig? config) : Condition
{
    private readonly StringMatcher? _name = config is null ? null : new StringMatcher(config);

    public override bool Matches(InboundSubject subject) =>
        subject.IsSecured && (_name is null || _name.Matches(subject.Peer?.Name ?? ""));
}
