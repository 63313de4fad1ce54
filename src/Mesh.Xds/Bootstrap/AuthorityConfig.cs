using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Bootstrap;

/// <summary>One of the <c>authorities</c> (gRFC A47).</summary>
/// <param name="Name">As in <c>xdstp://name/...</c>.</param>
/// <param name="ListenerTemplate">LDS name of a host of this authority, <c>%s</c> = host:port; begins with <c>xdstp://name/</c>.</param>
/// <param name="Servers">In order of preference; those of the whole bootstrap when it names none.</param>
internal sealed record AuthorityConfig(string Name, string ListenerTemplate, EquatableArray<XdsServerConfig> Servers);
