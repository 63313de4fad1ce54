using System.Text.Json;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.ClientStatus;

/// <summary>The same for people: servers, and each resource with its state, version and error.</summary>
internal static class ClientStatusJson
{
    public static void Write(Utf8JsonWriter json, XdsClientStatus status)
    {
        json.WriteStartObject();
        json.WriteString("node", status.Node?.Id);
        json.WriteStartArray("servers");
        foreach (var server in status.Servers)
        {
            json.WriteStartObject();
            json.WriteString("name", server.Name);
            json.WriteBoolean("connected", server.Connected);
            WriteUnlessNull(json, "last_error", server.LastError);
            json.WriteStartArray("used_for");
            foreach (var authority in server.Authorities)
            {
                json.WriteStringValue(authority.Length == 0 ? XdsInstruments.NoAuthority : authority);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("types");
        foreach (var type in status.Types)
        {
            Write(json, type);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, XdsTypeStatus type)
    {
        json.WriteStartObject();
        json.WriteString("type", type.ShortName);
        json.WriteString("type_url", type.TypeUrl);
        json.WriteString("version", type.Version);
        json.WriteStartArray("resources");
        foreach (var resource in type.Resources)
        {
            Write(json, resource);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, XdsResourceStatus resource)
    {
        json.WriteStartObject();
        json.WriteString("name", resource.Name);
        json.WriteString("status", StatusOf(resource.Status));
        json.WriteString("version", resource.Version);
        json.WriteBoolean("in_force", resource.HasValue);
        if (resource.FromCache)
        {
            json.WriteBoolean("from_cache", true);
        }

        if (resource.UpdatedAt is { } at)
        {
            json.WriteString("last_updated", at);
        }

        WriteUnlessNull(json, "error", resource.Error?.Message);
        if (resource.Rejection is { } rejection)
        {
            json.WriteStartObject("rejected");
            json.WriteString("version", rejection.Version);
            json.WriteString("at", rejection.At);
            json.WriteString("details", rejection.Details);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    // As the messages of gRFC A40 call them.
    private static string StatusOf(ResourceStatus status) => status switch
    {
        ResourceStatus.Requested => "REQUESTED",
        ResourceStatus.Acked => "ACKED",
        ResourceStatus.Nacked => "NACKED",
        ResourceStatus.DoesNotExist => "DOES_NOT_EXIST",
        ResourceStatus.ReceivedError => "RECEIVED_ERROR",
        _ => "TIMEOUT",
    };

    private static void WriteUnlessNull(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
