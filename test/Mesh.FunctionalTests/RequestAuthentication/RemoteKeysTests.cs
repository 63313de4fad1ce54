using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.RequestAuthentication;

/// <summary>A control plane that leaves the fetching of keys to the data plane: the keys are a service of the mesh, which no name server knows.</summary>
public sealed class RemoteKeysTests
{
    private const string Url = "http://reviews:9080/";

    [Fact]
    public async Task Keys_come_through_the_mesh_and_a_route_may_ask_for_none()
    {
        using var issuer = new TestIssuer();
        using var other = new TestIssuer("ES256", "key-2", issuer.Issuer);
        var isOff = false;
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.Service("keys")}"),
            ("users.yaml", $$"""
                apiVersion: security.istio.io/v1
                kind: RequestAuthentication
                metadata: { name: users, namespace: default }
                spec:
                  selector: { matchLabels: { app: reviews } }
                  jwtRules: [ { issuer: "{{issuer.Issuer}}", jwks: '{{other.KeySet}}' } ]
                """));
        await using var plane = await TamperingControlPlane.StartAsync(mesh.Plaintext);
        plane.Tamper = response => InboundTampering.Change(response, manager => manager.Filter<JwtAuthentication>((filter, jwt) =>
        {
            foreach (var provider in jwt.Providers.Values)
            {
                provider.RemoteJwks = new RemoteJwks
                {
                    HttpUri = new HttpUri { Uri = "http://keys:9080/jwks", Cluster = "outbound|9080||keys.default.svc.cluster.local", Timeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(10)) },
                    AsyncFetch = new JwksAsyncFetch { FailedRefetchDuration = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(100)) },
                };
            }

            if (Volatile.Read(ref isOff))
            {
                manager.RouteConfig.VirtualHosts[0].TypedPerFilterConfig[filter.Name] = Any.Pack(new PerRouteConfig { Disabled = true });
            }
        }));
        await mesh.StartWorkloadAsync("keys", map: app => app.MapGet("/jwks", () => issuer.KeySet), configure: o => o.ControlPlane = mesh.Plaintext);
        await mesh.StartWorkloadAsync("reviews", configure: o => o.ControlPlane = plane.Address);
        var client = await mesh.StartClientAsync(o => o.ControlPlane = mesh.Plaintext);
        await client.UntilAsync(Url, _ => true);

        await Poll.UntilAsync(async () => await StatusAsync(client, issuer) == 200, () => "the keys have not come");
        Assert.Equal(401, await StatusAsync(client, other));

        Volatile.Write(ref isOff, true);
        mesh.Write("more.yaml", Yaml.PeerAuthentication("DISABLE"));
        await Poll.UntilAsync(async () => await StatusAsync(client, other) == 200, () => "the route still asks for tokens");
        Assert.Empty(plane.Rejections);
    }

    private static async Task<int> StatusAsync(MeshClient client, TestIssuer issuer)
    {
        using var answer = await client.GetAsync(Url, ("authorization", $"Bearer {issuer.Token(TimeProvider.System.GetUtcNow())}"));
        return (int)answer.StatusCode;
    }
}
