using System.Globalization;
using System.Text;

namespace ProxylessMesh.Benchmarks.Scale;

/// <summary>The folder of a large mesh: a file for each service with its policy and workloads, and one with its routes.</summary>
internal sealed class ScaledConfig(string folder)
{
    public void Write(int services, int entries)
    {
        Directory.CreateDirectory(folder);
        for (var service = 0; service < services; service++)
        {
            File.WriteAllText(Path.Combine(folder, $"{ScaledMesh.Service(service)}.yaml"), Service(service, entries));
            WriteRoutes(service, "stable");
        }
    }

    /// <summary>Replaces a file at once, as tools do that distribute configuration.</summary>
    /// <param name="service">Whose routes.</param>
    /// <param name="marker">Is found in the resource.</param>
    public void WriteRoutes(int service, string marker) => Replace($"routes-{service:D4}.yaml", $$"""
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: { name: {{ScaledMesh.Service(service)}}, namespace: {{ScaledMesh.Namespace(service)}} }
        spec:
          hosts: [ {{ScaledMesh.Service(service)}} ]
          http:
            - name: {{marker}}
              match: [ { uri: { prefix: /v2/ } }, { headers: { x-user: { exact: tester } } } ]
              timeout: 3s
              retries: { attempts: 2, retryOn: "5xx" }
              route: [ { destination: { host: {{ScaledMesh.Service(service)}} } } ]
            - name: rest
              route: [ { destination: { host: {{ScaledMesh.Service(service)}} } } ]
        """);

    /// <summary>As <see cref="WriteRoutes"/>, of a cluster.</summary>
    public void WriteServerName(int service, string name) => Replace($"rule-{service:D4}.yaml", $$"""
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: { name: rule-{{service}}, namespace: {{ScaledMesh.Namespace(service)}} }
        spec: { host: {{ScaledMesh.Service(service)}}, trafficPolicy: { tls: { mode: SIMPLE, sni: {{name}} } } }
        """);

    private void Replace(string name, string text)
    {
        var next = Path.Combine(folder, $".{name}");
        File.WriteAllText(next, text);
        File.Move(next, Path.Combine(folder, name), overwrite: true);
    }

    private static string Service(int service, int entries)
    {
        var (name, ns) = (ScaledMesh.Service(service), ScaledMesh.Namespace(service));
        var text = new StringBuilder($$"""
            apiVersion: v1
            kind: Service
            metadata: { name: {{name}}, namespace: {{ns}} }
            spec: { selector: { app: {{name}} }, ports: [ { name: http, port: {{ScaledMesh.Port}}, targetPort: 8080 } ] }

            """);
        if (service % 2 == 1)
        {
            // Makes the order of endpoints depend on where the caller is.
            text.Append(CultureInfo.InvariantCulture, $$"""
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: { name: {{name}}, namespace: {{ns}} }
                spec: { host: {{name}}, trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5 } } }

                """);
        }

        for (var entry = 0; entry < entries; entry++)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                ---
                apiVersion: networking.istio.io/v1
                kind: WorkloadEntry
                metadata: { name: {{name}}-{{entry}}, namespace: {{ns}} }
                spec: { address: {{ScaledMesh.Address(service, entry)}}, labels: { app: {{name}}, version: v1 }, serviceAccount: {{name}}, locality: region-1/{{ScaledMesh.Zone(entry)}} }

                """);
        }

        return text.ToString();
    }
}
