using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Ads;

/// <summary>One type's last accepted version and its subscribed resources.</summary>
internal sealed record XdsTypeStatus(string TypeUrl, string ShortName, string Version, EquatableArray<XdsResourceStatus> Resources);
