using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.Client.NameResolution;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Clusters;

/// <summary>ServiceEntries whose endpoints are names, from YAML over a real name server to the connection.</summary>
public sealed class DnsClusterTests : IAsyncLifetime
{
    private const string Url = "http://api.partner.test/";

    private readonly DnsServer _dns = new();
    private AddressServers _partner = null!;

    public async Task InitializeAsync() => _partner = await AddressServers.StartAsync("127.0.0.1", "127.0.0.2");

    public async Task DisposeAsync()
    {
        await _partner.DisposeAsync();
        await _dns.DisposeAsync();
    }

    [Fact]
    public async Task Every_address_of_a_name_is_an_endpoint_as_long_as_DNS_says_so()
    {
        _dns.Set("api.partner.test", DnsServer.A, 1, "127.0.0.1", "127.0.0.2");
        await using var mesh = await StartAsync("DNS");
        var client = await ClientAsync(mesh);

        Assert.Equal(["127.0.0.1", "127.0.0.2"], await AskedAsync(client, 20));

        // The time to live is a second, the refresh rate a minute.
        _dns.Set("api.partner.test", DnsServer.A, 1, "127.0.0.2");
        await Poll.UntilAsync(async () => (await AskedAsync(client, 10)).SequenceEqual(["127.0.0.2"]), () => "the removed address is still called");
    }

    [Fact]
    public async Task Round_robin_entry_sends_new_connections_to_the_newest_address()
    {
        _dns.Set("api.partner.test", DnsServer.A, 1, "127.0.0.1", "127.0.0.2");
        await using var mesh = await StartAsync("DNS_ROUND_ROBIN");
        var client = await ClientAsync(mesh);

        Assert.Equal(["127.0.0.1"], await AskedAsync(client, 10));

        _dns.Set("api.partner.test", DnsServer.A, 1, "127.0.0.2", "127.0.0.1");
        client.Http.DefaultRequestHeaders.ConnectionClose = true;
        await Poll.UntilAsync(async () => (await AskedAsync(client, 1)).SequenceEqual(["127.0.0.2"]), () => "new connections go to the old address");
    }

    [Fact]
    public async Task Name_that_cannot_be_looked_up_is_a_503_that_says_so_until_it_can()
    {
        await using var mesh = await StartAsync("DNS");
        var client = await ClientAsync(mesh);

        using var response = await client.Http.GetAsync(Url);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(ResponseFlags.NoHealthyUpstream, response.GetMeshOutcome()!.Flags);
        Assert.Contains("looking up api.partner.test failed: no such name (NXDOMAIN)", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        _dns.Set("api.partner.test", DnsServer.A, 60, "127.0.0.1");
        using var found = await client.UntilAsync(Url, 200);
    }

    private static async Task<IEnumerable<string>> AskedAsync(MeshClient client, int calls)
    {
        var addresses = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < calls; i++)
        {
            addresses.Add(await client.Http.GetStringAsync(Url));
        }

        return addresses;
    }

    private Task<MeshEnvironment> StartAsync(string resolution) => MeshEnvironment.StartAsync(("partner.yaml", $$"""
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: { name: partner }
        spec:
          hosts: [api.partner.test]
          ports: [ { number: 80, name: http, protocol: HTTP, targetPort: {{_partner.Port}} } ]
          resolution: {{resolution}}
        """));

    private Task<MeshClient> ClientAsync(MeshEnvironment mesh) =>
        mesh.StartClientAsync(services: services => services.AddSingleton(LocalResolver.For(_dns)));
}
