using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Bootstrap;

/// <summary>The bootstrap file of the gRPC libraries (gRFCs A27, A29, A36, A47, A65, A71, A97).</summary>
/// <param name="Servers">At least one, in order of preference.</param>
/// <param name="Node">Who the file says that we are; its id is empty when it does not say.</param>
/// <param name="CertificateProviders">Instances whose plugin is known; others are skipped.</param>
/// <param name="ServerListenerResourceNameTemplate">LDS name of an inbound listener, <c>%s</c> = ip:port; null when not set.</param>
/// <param name="ClientDefaultListenerResourceNameTemplate">LDS name of an authority, <c>%s</c> = host:port; <c>%s</c> when not set.</param>
/// <param name="Authorities">Whose resources are called <c>xdstp://authority/...</c>.</param>
internal sealed record XdsBootstrap(
    EquatableArray<XdsServerConfig> Servers,
    NodeInfo Node,
    EquatableArray<CertificateProviderConfig> CertificateProviders,
    string? ServerListenerResourceNameTemplate,
    string ClientDefaultListenerResourceNameTemplate,
    EquatableArray<AuthorityConfig> Authorities);
