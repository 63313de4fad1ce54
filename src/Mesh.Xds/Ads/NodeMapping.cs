using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;

namespace ProxylessMesh.Xds.Ads;

/// <summary>Writes a <see cref="NodeInfo"/> as the node of a first request.</summary>
internal static class NodeMapping
{
    private static readonly string s_version =
        typeof(NodeMapping).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public static Node ToNode(NodeInfo info) => new()
    {
        Id = info.Id,
        Cluster = info.Cluster,
        Locality = new Locality { Region = info.Locality.Region, Zone = info.Locality.Zone, SubZone = info.Locality.SubZone },
        Metadata = ToStruct(info.Metadata),
        UserAgentName = "proxyless-mesh",
        UserAgentVersion = s_version,
        ClientFeatures = { "envoy.lb.does_not_support_overprovisioning", "xds.config.resource-in-sotw" },
    };

    private static Struct ToStruct(JsonObject json)
    {
        var result = new Struct();
        foreach (var (key, value) in json)
        {
            result.Fields[key] = ToValue(value);
        }

        return result;
    }

    private static Value ToValue(JsonNode? node) => node switch
    {
        JsonObject map => Value.ForStruct(ToStruct(map)),
        JsonArray list => Value.ForList([.. list.Select(ToValue)]),
        null => Value.ForNull(),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => Value.ForBool(true),
            JsonValueKind.False => Value.ForBool(false),
            // A JsonValue made in code holds any numeric type; its JSON text is the one form that all share.
            JsonValueKind.Number => Value.ForNumber(double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture)),
            _ => Value.ForString(node.GetValue<string>()),
        },
    };
}
