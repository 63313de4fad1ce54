using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>
/// Reads a Node with Istio's metadata keys. The id is <c>sidecar~ip~workload.namespace~namespace.svc.domain</c>; what the metadata
/// leaves out is taken from there. Throws INVALID_ARGUMENT for what cannot be a workload.
/// </summary>
internal static class ClientNodeReader
{
    /// <summary>Ours: ports in the form of POD_PORTS that are not to be called yet.</summary>
    public const string InboundPortsKey = "INBOUND_PORTS";

    /// <summary>How the ids of gateways begin (Istio, node types: sidecar and router).</summary>
    private const string GatewayType = "router";

    private const int MaxLength = 1024;
    private const int MaxLabels = 128;
    private const int MaxPorts = 128;
    private const int MaxPortsLength = 16 * 1024;

    public static ClientNode Read(Node node)
    {
        var id = Checked(node.Id, "node.id");
        var parts = id.Split('~');
        var fromId = parts.Length == 4 ? parts[2] : "";
        var dot = fromId.LastIndexOf('.');
        var ns = Text(node, "NAMESPACE") is { Length: > 0 } given ? given : dot < 0 ? "" : fromId[(dot + 1)..];
        if (ns.Length == 0)
        {
            throw Invalid("the node names no namespace: set metadata NAMESPACE");
        }

        var view = new ProxyView(
            Text(node, "GENERATOR") == "mesh" ? ProxyProfile.Mesh : ProxyProfile.Grpc,
            ns,
            Text(node, "SERVICE_ACCOUNT"),
            Text(node, "WORKLOAD_NAME") is { Length: > 0 } name ? name : dot < 0 ? fromId : fromId[..dot],
            Labels(node),
            Locality(node.Locality))
        {
            InboundPorts = Ports(node, InboundPortsKey).ToEquatableArray(),
            IsGateway = parts[0] == GatewayType,
        };
        return new ClientNode(id, view, Address(node, parts), Ports(node, "POD_PORTS")) { IsAsRegistered = Text(node, RegisteredLikeness.MetadataKey) == "true" };
    }

    private static string Address(Node node, string[] idParts)
    {
        var listed = Text(node, "INSTANCE_IPS").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var address = listed is [var first, ..] ? first : idParts.Length == 4 ? idParts[1] : "";
        return address.Length == 0 ? ""
            : IPAddress.TryParse(address, out var ip) ? ip.ToString()
            : throw Invalid("INSTANCE_IPS does not begin with an IP address");
    }

    private static ImmutableArray<KeyValuePair<string, int>> Ports(Node node, string key)
    {
        if (Find(node, key)?.StringValue is not { Length: > 0 } json)
        {
            return [];
        }

        if (json.Length > MaxPortsLength)
        {
            throw Invalid($"{key} is longer than {MaxPortsLength} characters");
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.GetArrayLength() > MaxPorts)
            {
                throw Invalid($"{key} holds more than {MaxPorts} ports");
            }

            return [.. document.RootElement.EnumerateArray().Select(entry => Port(entry, key))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw Invalid($"{key} is not a JSON list of {{name, containerPort, protocol}}");
        }
    }

    private static KeyValuePair<string, int> Port(JsonElement entry, string key)
    {
        var name = entry.TryGetProperty("name", out var given) ? given.GetString() ?? "" : "";
        var number = entry.GetProperty("containerPort").GetInt32();
        return number is > 0 and <= IPEndPoint.MaxPort
            ? new(name, number)
            : throw Invalid($"{key} holds the port {number}");
    }

    private static EquatableMap Labels(Node node)
    {
        if (Find(node, "LABELS")?.StructValue is not { } labels)
        {
            return EquatableMap.Empty;
        }

        return labels.Fields.Count <= MaxLabels
            ? EquatableMap.From(labels.Fields.Select(label => KeyValuePair.Create(
                Checked(label.Key, "a label's name"), Checked(label.Value.StringValue, $"the label {label.Key}"))))
            : throw Invalid($"LABELS holds more than {MaxLabels} labels");
    }

    private static LocalityId Locality(Locality? locality) =>
        locality is null
            ? new LocalityId("", "", "")
            : new LocalityId(Checked(locality.Region, "region"), Checked(locality.Zone, "zone"), Checked(locality.SubZone, "sub_zone"));

    private static string Text(Node node, string key) => Checked(Find(node, key)?.StringValue ?? "", key);

    private static Value? Find(Node node, string key) =>
        node.Metadata is { } metadata && metadata.Fields.TryGetValue(key, out var value) ? value : null;

    private static string Checked(string text, string what) =>
        text.Length > MaxLength ? throw Invalid($"{what} is longer than {MaxLength} characters")
        : text.Any(char.IsControl) ? throw Invalid($"{what} holds a control character")
        : text;

    private static GrpcException Invalid(string text) => new(GrpcStatusCode.InvalidArgument, text);
}
