using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.Scale;

/// <summary>The scale benchmark in small: 50 clients, each of 5 of 50 services and of one that all call, half of them in each variant of the protocol.</summary>
public sealed class ManyClientsTests
{
    private const int Count = 50;
    private const int Hosts = 5;
    private const string Common = "common";

    private static readonly string[] s_types = [TypeUrl.Listener, TypeUrl.Route, TypeUrl.Cluster, TypeUrl.Endpoints];

    [Fact]
    public async Task Every_client_converges_and_a_change_reaches_exactly_those_that_subscribed()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            [.. Enumerable.Range(0, Count).Select(Service).Append(Common).Select(name => ($"{name}.yaml", Configuration(name, "stable")))]);
        var clients = Enumerable.Range(0, Count).Select(i => new SubscribedClient(mesh.Plaintext, i, delta: i % 2 == 0)).ToList();
        try
        {
            await Task.WhenAll(clients.Select((client, i) => SubscribeAsync(client, i)));

            for (var changed = 0; changed < Count; changed += 7)
            {
                mesh.Write($"{Service(changed)}.yaml", Configuration(Service(changed), $"only-{changed}"));
                foreach (var client in clients.Where((_, i) => Calls(i).Contains(Service(changed))))
                {
                    Assert.Equal($"{TypeUrl.Route} {Cluster(Service(changed))}", await client.NextAsync($"only-{changed}"));
                }

                // What all of them call comes next, so nothing else has come to anybody.
                mesh.Write($"{Common}.yaml", Configuration(Common, $"all-{changed}"));
                foreach (var client in clients)
                {
                    Assert.Equal($"{TypeUrl.Route} {Cluster(Common)}", await client.NextAsync($"all-{changed}"));
                }
            }
        }
        finally
        {
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }
        }
    }

    private static async Task SubscribeAsync(SubscribedClient client, int number)
    {
        foreach (var type in s_types)
        {
            var names = Calls(number).Select(name => type == TypeUrl.Listener ? $"{name}.default.svc.cluster.local:80" : Cluster(name)).ToArray();
            Assert.Equal(names.Order(StringComparer.Ordinal), await client.SubscribeAsync(type, names));
        }
    }

    private static IEnumerable<string> Calls(int client) => Enumerable.Range(client, Hosts).Select(i => Service(i % Count)).Append(Common);

    private static string Service(int number) => $"svc-{number:D2}";

    private static string Cluster(string service) => $"outbound|80||{service}.default.svc.cluster.local";

    private static string Configuration(string service, string route) => $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{service}}, namespace: default }
        spec: { selector: { app: {{service}} }, ports: [ { name: http, port: 80, targetPort: 8080 } ] }
        ---
        apiVersion: networking.istio.io/v1
        kind: WorkloadEntry
        metadata: { name: {{service}}, namespace: default }
        spec: { address: 10.0.0.1, labels: { app: {{service}} } }
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: { name: {{service}}, namespace: default }
        spec: { hosts: [ {{service}} ], http: [ { name: {{route}}, route: [ { destination: { host: {{service}} } } ] } ] }
        """;
}
