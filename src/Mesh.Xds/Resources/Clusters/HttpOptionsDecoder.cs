using Envoy.Config.Cluster.V3;
using HttpOptions = Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>The HttpProtocolOptions of a cluster, which say something of its connections and of its outliers.</summary>
internal static class HttpOptionsDecoder
{
    public const string Field = "typed_extension_protocol_options";

    private const string Key = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    /// <summary>Null: there are none, or none that can be read.</summary>
    public static HttpOptions? Decode(Cluster cluster, DecodeContext context)
    {
        if (!cluster.TypedExtensionProtocolOptions.TryGetValue(Key, out var any))
        {
            return null;
        }

        using (context.Enter(Field))
        {
            return TypedConfig.Unpack(any, TypeNames.HttpProtocolOptions, HttpOptions.Parser, Key, context);
        }
    }
}
