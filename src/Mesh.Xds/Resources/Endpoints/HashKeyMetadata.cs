using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;

namespace ProxylessMesh.Xds.Resources.Endpoints;

/// <summary>The key that places an endpoint for consistent hashing (gRFC A76).</summary>
internal static class HashKeyMetadata
{
    public static string? Of(Metadata? metadata) =>
        metadata is not null
        && metadata.FilterMetadata.TryGetValue("envoy.lb", out var fields)
        && fields.Fields.TryGetValue("hash_key", out var key)
        && key is { KindCase: Value.KindOneofCase.StringValue, StringValue.Length: > 0 }
            ? key.StringValue
            : null;
}
