using System.Globalization;
using System.Text;

namespace ProxylessMesh.Benchmarks.Scale;

/// <summary>The folder of a large mesh: a file for each service with its policy and workloads, and one with its routes.</summary>
internal sealed class ScaledConfig(string folder)
{
    private int _entries;

    public void Write(int services, int entries)
    {
        Directory.CreateDirectory(folder);
        _entries = entries;
        for (var service = 0; service < services; service++)
        {
            WriteService(service, leadsTo: null);
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

    /// <summary>As <see cref="WriteRoutes"/>, of the host's endpoints.</summary>
    /// <param name="service">Its number.</param>
    /// <param name="leadsTo">The address of the one workload that it selects; null: all of the service.</param>
    public void WriteService(int service, string? leadsTo) => Replace($"{ScaledMesh.Service(service)}.yaml", Service(service, leadsTo));

    /// <summary>As <see cref="WriteRoutes"/>, of what the clients of a service's namespace accept themselves.</summary>
    public void WritePolicy(int service, string marker) => Replace($"policy-{ScaledMesh.Namespace(service)}.yaml", $$"""
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: {{ScaledMesh.Namespace(service)}}, namespace: {{ScaledMesh.Namespace(service)}} }
        spec: { action: DENY, rules: [ { to: [ { operation: { paths: [ /{{marker}} ] } } ] } ] }
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

    private string Service(int service, string? leadsTo)
    {
        var (name, ns) = (ScaledMesh.Service(service), ScaledMesh.Namespace(service));
        var text = new StringBuilder($$"""
            apiVersion: v1
            kind: Service
            metadata: { name: {{name}}, namespace: {{ns}} }
            spec: { selector: { app: {{name}}{{(leadsTo is null ? "" : $", at: {leadsTo}")}} }, ports: [ { name: http, port: {{ScaledMesh.Port}}, targetPort: 8080 } ] }

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

        for (var entry = leadsTo is null ? 0 : -1; entry < _entries; entry++)
        {
            var (address, at) = entry < 0 ? (leadsTo, $", at: {leadsTo}") : (ScaledMesh.Address(service, entry), "");
            text.Append(CultureInfo.InvariantCulture, $$"""
                ---
                apiVersion: networking.istio.io/v1
                kind: WorkloadEntry
                metadata: { name: {{name}}-{{entry}}, namespace: {{ns}} }
                spec: { address: {{address}}, labels: { app: {{name}}, version: v1{{at}} }, serviceAccount: {{name}}, locality: region-1/{{ScaledMesh.Zone(Math.Max(0, entry))}} }

                """);
        }

        return text.ToString();
    }
}
