using Envoy.Config.Core.V3;

namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>"From the stream that this came on."</summary>
internal static class AdsSource
{
    public static ConfigSource Create() => new() { Ads = new AggregatedConfigSource(), ResourceApiVersion = ApiVersion.V3 };
}
