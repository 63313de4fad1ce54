using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.FunctionalTests.BadInput;

/// <summary>A control plane that talks nonsense is told so, and the last good configuration stays.</summary>
public sealed class ControlPlaneAnswersTests
{
    private const string Url = "http://reviews:9080/";
    private const string Other = "http://other:9080/";

    private static readonly byte[] s_noise = [0xff, 0xff, 0xff, 0xff, 0x07, 0x01, 0x02];

    [Theory]
    [InlineData("garbage", @"resources\[0\]: not a valid message")]
    [InlineData("wrong type", @"type")]
    [InlineData("bad regex", @"outbound\|9080\|\|reviews.*regular expression")]
    [InlineData("weights of nothing", @"outbound\|9080\|\|reviews.*weight")]
    public async Task A_resource_that_cannot_be_used_is_rejected_by_name(string what, string expected)
    {
        await using var mesh = await StartAsync();
        await using var plane = await TamperingControlPlane.StartAsync(mesh.Plaintext);
        var client = await mesh.StartClientAsync(o => o.ControlPlane = plane.Address);
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");
        await using var load = new Load(client, Url);

        plane.Tamper = response => Spoil(response, what);
        mesh.Write("routes.yaml", Yaml.Routes("reviews", $"{{ timeout: 7s, {Yaml.To("reviews", "v2")} }}"));

        await Poll.UntilAsync(() => plane.Rejections.Count > 0, "a rejection");
        Assert.Matches(expected, plane.Rejections.First());
        await Poll.UntilAsync(() => client.Logs.Entries.Any(e => e.Id.Id == 1103), "a log of the rejection");
        Assert.Equal(["reviews-v1"], (await client.CountAsync(Url, 20)).Keys);

        plane.Tamper = null;
        mesh.Write("routes.yaml", Yaml.Routes("reviews", $"{{ timeout: 8s, {Yaml.To("reviews", "v2")} }}"));
        await client.UntilAsync(Url, a => a.Workload == "reviews-v2");
        Assert.Empty(load.Failures);
    }

    [Theory]
    [InlineData("noise")]
    [InlineData("endless frame")]
    [InlineData("compressed frame")]
    public async Task Bytes_that_are_no_message_end_the_stream_and_nothing_else(string what)
    {
        await using var mesh = await StartAsync();
        await using var plane = await TamperingControlPlane.StartAsync(mesh.Plaintext);
        var client = await mesh.StartClientAsync(o => o.ControlPlane = plane.Address);
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");
        await using var load = new Load(client, Url);

        plane.Garbage = what switch
        {
            "noise" => [0, 0, 0, 0, (byte)s_noise.Length, .. s_noise],
            "endless frame" => [0, 0xff, 0xff, 0xff, 0xff, .. s_noise],
            _ => [1, 0, 0, 0, (byte)s_noise.Length, .. s_noise],
        };
        mesh.Write("routes.yaml", Yaml.Routes("reviews", $"{{ {Yaml.To("reviews", "v2")} }}"));

        await Poll.UntilAsync(() => client.Logs.Entries.Any(e => e.Id.Id == 1102), "a log of the ended stream");
        Assert.Equal(["reviews-v1"], (await client.CountAsync(Url, 20)).Keys);
        plane.Garbage = null;
        await client.UntilAsync(Url, a => a.Workload == "reviews-v2");
        Assert.Empty(load.Failures);
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_refused_with_its_size()
    {
        await using var mesh = await StartAsync();
        await using var plane = await TamperingControlPlane.StartAsync(mesh.Plaintext);
        var client = await mesh.StartClientAsync(o => o.ControlPlane = plane.Address);
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");

        plane.Tamper = response =>
        {
            response.Resources.Add(new Any { TypeUrl = response.TypeUrl, Value = ByteString.CopyFrom(new byte[33 * 1024 * 1024]) });
            return response;
        };
        mesh.Write("routes.yaml", Yaml.Routes("reviews", $"{{ {Yaml.To("reviews", "v2")} }}"));

        await Poll.UntilAsync(() => client.Logs.Entries.Any(e => e.Id.Id == 1102 && e.Text.Contains("33554432", StringComparison.Ordinal)), "a log that names the limit");
        Assert.Equal("reviews-v1", (await client.AskAsync(Url)).Workload);
        plane.Tamper = null;
        await client.UntilAsync(Url, a => a.Workload == "reviews-v2");
    }

    [Fact]
    public async Task A_host_whose_first_configuration_is_bad_is_answered_with_the_reason_and_others_go_on()
    {
        await using var mesh = await StartAsync();
        await using var plane = await TamperingControlPlane.StartAsync(mesh.Plaintext);
        var client = await mesh.StartClientAsync(o =>
        {
            o.ControlPlane = plane.Address;
            o.ConfigurationTimeout = Poll.Patience;
        });
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");
        plane.Tamper = response => Spoil(response, "bad regex");

        using var response = await client.GetAsync(Other);

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Contains("other", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("reviews-v1", (await client.AskAsync(Url)).Workload);
    }

    private static async Task<MeshEnvironment> StartAsync()
    {
        var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.Subsets("reviews")}\n---\n{Yaml.Service("other")}"),
            ("routes.yaml", Yaml.Routes("reviews", $"{{ {Yaml.To("reviews", "v1")} }}")));
        await mesh.StartWorkloadAsync("reviews", "v1", configure: o => o.ControlPlane = mesh.Plaintext);
        await mesh.StartWorkloadAsync("reviews", "v2", configure: o => o.ControlPlane = mesh.Plaintext);
        return mesh;
    }

    /// <summary>Of route configurations only: they are what changes in these tests.</summary>
    private static DiscoveryResponse Spoil(DiscoveryResponse response, string how)
    {
        if (response.TypeUrl != ResourceKinds.Route.TypeUrl)
        {
            return response;
        }

        for (var i = 0; i < response.Resources.Count; i++)
        {
            response.Resources[i] = Spoil(response.Resources[i], how);
        }

        return response;
    }

    private static Any Spoil(Any resource, string how)
    {
        if (how == "garbage")
        {
            return new Any { TypeUrl = resource.TypeUrl, Value = ByteString.CopyFrom(s_noise) };
        }

        if (how == "wrong type")
        {
            return Any.Pack(new Envoy.Config.Core.V3.Node { Id = "no route" });
        }

        var routes = resource.Unpack<Envoy.Config.Route.V3.RouteConfiguration>();
        var route = routes.VirtualHosts[0].Routes[0];
        if (how == "bad regex")
        {
            route.Match = new() { SafeRegex = new() { Regex = "(" } };
        }
        else
        {
            route.Route_.WeightedClusters = new();
        }

        return Any.Pack(routes);
    }
}
