using Envoy.Config.Core.V3;

namespace ProxylessMesh.Xds.Resources;

/// <summary>Where referenced resources come from: the same stream, and nothing else (gRFCs A27 and A47).</summary>
internal static class ConfigSources
{
    public static void RequireSameStream(ConfigSource? source, string field, DecodeContext context)
    {
        if (source?.ConfigSourceSpecifierCase is not (ConfigSource.ConfigSourceSpecifierOneofCase.Ads or ConfigSource.ConfigSourceSpecifierOneofCase.Self))
        {
            context.Error(field, "must be ads or self");
        }
    }
}
