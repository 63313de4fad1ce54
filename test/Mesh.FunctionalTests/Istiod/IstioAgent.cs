using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using ProxylessMesh.Client;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Bootstrap;

namespace ProxylessMesh.FunctionalTests.Istiod;

/// <summary>Starts apps as Istio's injection template grpc-agent does: bootstrap file in the environment, certificates in files, nothing in the app's settings.</summary>
internal sealed class IstioAgent(IstiodServer istiod) : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly TestAuthority _authority = new(TimeProvider.System);

    public async Task<MeshClient> StartClientAsync(string account = "client", string? node = null)
    {
        using var variable = Bootstrap(account, account, acceptsMutualTls: false, node);
        return await MeshClient.StartAsync(static _ => { });
    }

    /// <param name="account">Of the service account, and the service.</param>
    /// <param name="version">The label.</param>
    /// <param name="acceptsMutualTls">Whether the label security.istio.io/tlsMode says so, as injection sets it.</param>
    /// <param name="map">The app's endpoints.</param>
    public async Task<WorkloadApp> StartWorkloadAsync(string account, string version = "v1", bool acceptsMutualTls = true, Action<WebApplication>? map = null)
    {
        using var variable = Bootstrap(account, $"{account}-{version}", acceptsMutualTls);
        return await WorkloadApp.StartAsync($"{account}-{version}", static o => o.DrainDelay = TimeSpan.Zero, map);
    }

    public void Dispose() => _root.Dispose();

    private EnvironmentVariable Bootstrap(string account, string workload, bool acceptsMutualTls, string? node = null)
    {
        var directory = Directory.CreateDirectory(_root.File(workload)).FullName;
        WriteCertificates(directory, account);
        var labels = acceptsMutualTls ? "\"security.istio.io/tlsMode\": \"istio\", " : "";
        var file = Path.Combine(directory, "grpc-bootstrap.json");
        File.WriteAllText(file, $$"""
            {
              "xds_servers": [ { "server_uri": "{{istiod.Uri}}", "channel_creds": [ { "type": "insecure" } ], "server_features": [ "xds_v3" ] } ],
              "node": {
                "id": "{{node ?? $"sidecar~127.0.0.1~{workload}.default~default.svc.cluster.local"}}",
                "metadata": {
                  "GENERATOR": "grpc", "NAMESPACE": "default", "SERVICE_ACCOUNT": "{{account}}", "WORKLOAD_NAME": "{{workload}}", "CLUSTER_ID": "Kubernetes",
                  "ISTIO_VERSION": "1.27.0", "INSTANCE_IPS": "127.0.0.1", "LABELS": { {{labels}}"app": "{{account}}" },
                  "PROXY_CONFIG": { "discoveryAddress": "istiod.istio-system.svc:15012", "statNameLength": 189 }
                },
                "locality": {}
              },
              "certificate_providers": {
                "default": {
                  "plugin_name": "file_watcher",
                  "config": {
                    "certificate_file": "{{directory}}/cert-chain.pem", "private_key_file": "{{directory}}/key.pem",
                    "ca_certificate_file": "{{directory}}/root-cert.pem", "refresh_interval": "900s"
                  }
                }
              },
              "server_listener_resource_name_template": "xds.istio.io/grpc/lds/inbound/%s"
            }
            """);
        return new EnvironmentVariable(BootstrapLoader.FileVariable, file);
    }

    private void WriteCertificates(string directory, string account)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leaf = _authority.Issue(key, new TestLeaf { Uris = [$"spiffe://cluster.local/ns/default/sa/{account}"] });
        File.WriteAllText(Path.Combine(directory, "cert-chain.pem"), leaf.ExportCertificatePem());
        File.WriteAllText(Path.Combine(directory, "root-cert.pem"), _authority.Certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(directory, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
