using System.Globalization;
using System.Net;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.FunctionalTests.Gateway;

namespace ProxylessMesh.FunctionalTests.Documentation;

/// <summary>docs/gateway.md: its YAML, on ports that are free here.</summary>
public sealed class GatewayPageTests
{
    [Fact]
    public async Task What_the_page_shows_does_what_it_says()
    {
        using var authority = new EdgeAuthority("Outside");
        var (plain, secure) = (FreePort.Next(), FreePort.Next());
        var yaml = string.Join("---\n", Page.Blocks("", "gateway.md"))
            .Replace("targetPort: 8080", string.Create(CultureInfo.InvariantCulture, $"targetPort: {plain}"), StringComparison.Ordinal)
            .Replace("targetPort: 8443", string.Create(CultureInfo.InvariantCulture, $"targetPort: {secure}"), StringComparison.Ordinal);
        await using var mesh = await MeshEnvironment.StartAsync(("page.yaml", yaml));
        Assert.Empty(mesh.Plane.Config.Problems);
        await mesh.StartWorkloadAsync("productpage");
        await mesh.StartWorkloadAsync("reviews");
        authority.Write(mesh.PathOf("credentials/shop-cert"), "shop.example.com");
        await using var gateway = await EdgeGateway.StartAsync(mesh, "istio-system", mesh.PathOf("credentials"), plain, secure);
        var outside = gateway.Outside(plain);

        Assert.Equal("productpage-v1", (await EdgeGateway.AskAsync(outside, "http://bookinfo.example.com/")).Workload);
        var reviews = await EdgeGateway.AskAsync(outside, "http://bookinfo.example.com/api/reviews/1");
        Assert.Equal(("reviews-v1", "/reviews/1"), (reviews.Workload, reviews.Path));
        using var moved = await outside.GetAsync("http://shop.example.com/cart");
        Assert.Equal((HttpStatusCode.MovedPermanently, "https://shop.example.com/cart"), (moved.StatusCode, moved.Headers.Location?.ToString()));
        await EdgeGateway.UntilAsync(gateway.Outside(secure, authority.Roots), "https://shop.example.com/", HttpStatusCode.NotFound);
        using var refused = await outside.GetAsync("http://bookinfo.example.com/admin");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }
}
