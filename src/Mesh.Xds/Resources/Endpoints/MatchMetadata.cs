using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Endpoints;

/// <summary>The metadata by which an endpoint chooses its transport socket (cluster.proto, transport_socket_matches).</summary>
internal static class MatchMetadata
{
    private const string FilterName = "envoy.transport_socket_match";

    /// <summary>Its text entries. Others can equal no entry of a match, which are all text.</summary>
    /// <param name="metadata">Of the endpoint.</param>
    /// <param name="neighbour">Of the endpoint before it, which mostly has the same: thousands share one.</param>
    public static EquatableMap OfEndpoint(Metadata? metadata, EquatableMap neighbour)
    {
        if (metadata is null || !metadata.FilterMetadata.TryGetValue(FilterName, out var fields))
        {
            return EquatableMap.Empty;
        }

        var own = Texts(fields);
        return own.Equals(neighbour) ? neighbour : own;
    }

    private static EquatableMap Texts(Struct fields) => EquatableMap.From(
        from field in fields.Fields
        where field.Value.KindCase == Value.KindOneofCase.StringValue
        select KeyValuePair.Create(field.Key, field.Value.StringValue));

    /// <summary>The entries that a cluster asks for.</summary>
    public static EquatableMap OfMatch(Struct? match, DecodeContext context)
    {
        if (match is null)
        {
            return EquatableMap.Empty;
        }

        var entries = new List<KeyValuePair<string, string>>(match.Fields.Count);
        foreach (var (key, value) in match.Fields)
        {
            if (value.KindCase == Value.KindOneofCase.StringValue)
            {
                entries.Add(new(key, value.StringValue));
            }
            else
            {
                context.Error("match", $"{DecodeContext.Quote(key)} is not text; no other kind is supported");
            }
        }

        return EquatableMap.From(entries);
    }
}
