using Envoy.Config.Route.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>HedgePolicy.hedge_on_per_try_timeout over real connections. Istio's objects have no word for it, so the route gets it on its way.</summary>
public sealed class HedgingTests
{
    private const string Url = "http://reviews:9080/";

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_slow_server_gets_company_and_is_let_go_when_the_other_has_answered(string version)
    {
        var slow = new SlowOrders();
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.Subsets("reviews")}"),
            ("routes.yaml", Yaml.Routes("reviews", "{ route: [ { destination: { host: reviews } } ], timeout: 30s, retries: { attempts: 3, perTryTimeout: 100ms, retryOn: \"5xx\" } }")));
        await mesh.StartWorkloadAsync("reviews", "v1", slow.Map, o => o.ControlPlane = mesh.Plaintext);
        await mesh.StartWorkloadAsync("reviews", "v2", MapOrders, o => o.ControlPlane = mesh.Plaintext);
        await using var plane = await TamperingControlPlane.StartAsync(mesh.Plaintext);
        plane.Tamper = Hedge;
        var client = await mesh.StartClientAsync(o => o.ControlPlane = plane.Address);
        client.Version = System.Version.Parse(version);
        await client.UntilAllAnswerAsync(Url, "reviews-v1", "reviews-v2");

        for (var i = 0; i < 6 || slow.Begun == 0; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{Url}orders")
            {
                Version = client.Version,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new StringContent($"order {i}"),
            };
            using var response = await client.Http.SendAsync(request);
            Assert.Equal($"taken: order {i}", await response.Content.ReadAsStringAsync());
        }

        await Poll.UntilAsync(() => slow.Ended == slow.Begun, "the slow requests are still under way");
        Assert.Equal(default, client.Held);
    }

    private static void MapOrders(WebApplication app) => app.MapPost("/orders", async (HttpContext context) =>
    {
        using var reader = new StreamReader(context.Request.Body);
        return $"taken: {await reader.ReadToEndAsync(context.RequestAborted)}";
    });

    private static DiscoveryResponse Hedge(DiscoveryResponse response)
    {
        for (var i = 0; response.TypeUrl == ResourceKinds.Route.TypeUrl && i < response.Resources.Count; i++)
        {
            var routes = response.Resources[i].Unpack<RouteConfiguration>();
            routes.VirtualHosts[0].Routes[0].Route_.HedgePolicy = new HedgePolicy { HedgeOnPerTryTimeout = true };
            response.Resources[i] = Any.Pack(routes);
        }

        return response;
    }

    /// <summary>Takes orders and never answers, until the caller goes.</summary>
    private sealed class SlowOrders
    {
        private int _begun;
        private int _ended;

        public int Begun => Volatile.Read(ref _begun);

        public int Ended => Volatile.Read(ref _ended);

        public void Map(WebApplication app) => app.MapPost("/orders", async (HttpContext context) =>
        {
            Interlocked.Increment(ref _begun);
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref _ended);
            }
        });
    }
}
