using System.Globalization;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Xds.Bootstrap;

namespace ProxylessMesh.FunctionalTests.ControlPlane;

/// <summary>A gRPC bootstrap file that names several control planes, each of them real (gRFCs A47 and A71).</summary>
[Collection(nameof(ProcessEnvironment))]
public sealed class SeveralControlPlanesTests
{
    private const string Url = "http://reviews:9080/";

    [Fact]
    public async Task Rule16_the_second_control_plane_serves_while_the_first_is_away()
    {
        await using var first = await MeshEnvironment.StartAsync(Answers("first"));
        await using var second = await MeshEnvironment.StartAsync(Answers("second"));
        await first.StopControlPlaneAsync();
        using var variable = Bootstrap(first.Plaintext, second.Plaintext);
        await using var client = await MeshClient.StartAsync(_ => { });

        Assert.Equal("second", await client.Http.GetStringAsync(Url));
        Assert.Contains(client.Logs.Entries, e => e.Id.Id == 1120);

        await first.StartControlPlaneAsync();
        await Poll.UntilAsync(async () => await client.Http.GetStringAsync(Url) == "first", () => "the first control plane is back and does not count");
        Assert.Contains(client.Logs.Entries, e => e.Id.Id == 1121);

        // All is known: nothing is asked of the second any more.
        await first.StopControlPlaneAsync();
        Assert.Equal("first", await client.Http.GetStringAsync(Url));
    }

    [Fact]
    public async Task Rule19_hosts_of_a_partner_come_from_the_partners_control_plane_with_names_of_its_authority()
    {
        await using var app = await WorkloadApp.StartAsync("partner's", options => options.Mode = ProxylessMesh.Client.MeshMode.Off);
        await using var own = await MeshEnvironment.StartAsync(Answers("own"));
        await using var partner = await MeshEnvironment.StartAsync(("entry.yaml", $$"""
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: { name: reviews, namespace: default }
            spec:
              hosts: [ reviews.partner.test ]
              resolution: STATIC
              ports: [ { number: 9080, name: http, targetPort: {{app.EndPoint.Port.ToString(CultureInfo.InvariantCulture)}} } ]
              endpoints: [ { address: 127.0.0.1 } ]
            """));
        await using var plane = await TamperingControlPlane.StartAsync(partner.Plaintext);
        var names = new NamesOfAuthority("partner");
        plane.TamperRequest = names.Strip;
        plane.Tamper = names.Add;
        using var variable = Bootstrap([own.Plaintext], plane.Address);
        await using var client = await MeshClient.StartAsync(o => o.Authorities["*.partner.test"] = "partner");

        Assert.Equal("own", await client.Http.GetStringAsync(Url));
        Assert.Equal("partner's", (await client.AskAsync("http://reviews.partner.test:9080/")).Workload);
        Assert.Empty(plane.Rejections);
        Assert.Equal(4, names.Seen.Select(n => n.Split('/')[3]).Distinct().Count());
    }

    [Fact]
    public async Task An_authority_that_the_bootstrap_does_not_list_ends_the_start()
    {
        using var variable = Bootstrap(new Uri("http://127.0.0.1:1"));

        var failure = await Assert.ThrowsAsync<BootstrapException>(() => MeshClient.StartAsync(o => o.Authorities["*.partner.test"] = "partner"));

        Assert.Contains("Mesh:Authorities gives *.partner.test to the authority \"partner\"", failure.Message, StringComparison.Ordinal);
    }

    private static (string Name, string Content)[] Answers(string text) =>
        [("service.yaml", Yaml.Service("reviews")), ("routes.yaml", Yaml.Routes("reviews", $"{{ directResponse: {{ status: 200, body: {{ string: {text} }} }} }}"))];

    private static EnvironmentVariable Bootstrap(params Uri[] servers) => Bootstrap(servers, null);

    private static EnvironmentVariable Bootstrap(Uri[] servers, Uri? partner) => new(BootstrapLoader.ContentVariable, $$"""
        {
          "xds_servers": [ {{string.Join(",", servers.Select(Server))}} ]
          {{(partner is null ? "" : $", \"authorities\": {{ \"partner\": {{ \"xds_servers\": [ {Server(partner)} ] }} }}")}}
        }
        """);

    private static string Server(Uri address) => $"{{ \"server_uri\": \"{address.Authority}\", \"channel_creds\": [ {{ \"type\": \"insecure\" }} ] }}";
}
