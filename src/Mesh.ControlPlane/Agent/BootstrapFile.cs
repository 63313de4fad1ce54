using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Agent;

/// <summary>The bootstrap file of gRPC libraries, in the shape of Istio's agent (gRFCs A27, A29, A36).</summary>
internal static class BootstrapFile
{
    /// <param name="path">Where to write it.</param>
    /// <param name="socket">Of the agent's ADS.</param>
    /// <param name="node">Who the app is.</param>
    /// <param name="certificates">Null: there are none.</param>
    /// <param name="refresh">How often the certificates are looked at.</param>
    public static void Write(string path, string socket, NodeInfo node, CertificateFiles? certificates, TimeSpan refresh)
    {
        var content = new JsonObject
        {
            ["xds_servers"] = new JsonArray(new JsonObject
            {
                ["server_uri"] = $"unix://{socket}",
                ["channel_creds"] = new JsonArray(new JsonObject { ["type"] = "insecure" }),
                ["server_features"] = new JsonArray("xds_v3"),
            }),
            ["node"] = new JsonObject
            {
                ["id"] = node.Id,
                ["cluster"] = node.Cluster,
                ["locality"] = new JsonObject { ["region"] = node.Locality.Region, ["zone"] = node.Locality.Zone, ["sub_zone"] = node.Locality.SubZone },
                ["metadata"] = node.Metadata.DeepClone(),
            },
            ["server_listener_resource_name_template"] = "xds.istio.io/grpc/lds/inbound/%s",
        };
        if (certificates is not null)
        {
            content["certificate_providers"] = new JsonObject
            {
                ["default"] = new JsonObject
                {
                    ["plugin_name"] = "file_watcher",
                    ["config"] = new JsonObject
                    {
                        ["certificate_file"] = certificates.Chain,
                        ["private_key_file"] = certificates.Key,
                        ["ca_certificate_file"] = certificates.Roots,
                        ["refresh_interval"] = string.Create(CultureInfo.InvariantCulture, $"{refresh.TotalSeconds:0.###}s"),
                    },
                },
            };
        }

        AtomicFile.WriteSecret(path, content.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
    }
}
