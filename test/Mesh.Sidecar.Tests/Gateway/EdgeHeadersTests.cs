using System.Net;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Sidecar.Gateway;

namespace ProxylessMesh.Sidecar.Tests.Gateway;

public class EdgeHeadersTests
{
    [Theory]
    [InlineData("192.0.2.7", null, "192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "10.0.0.1", "10.0.0.1, 192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8::1", "10.0.0.1, 10.0.0.2", "10.0.0.1, 10.0.0.2, 2001:db8::1", "2001:db8::1")]
    public void The_address_that_connected_is_appended(string remote, string? before, string after, string external)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(remote);
        context.Request.Headers["X-Forwarded-For"] = before;

        EdgeHeaders.Apply(context, isSecured: true);

        Assert.Equal(after, context.Request.Headers["X-Forwarded-For"]);
        Assert.Equal(external, context.Request.Headers["x-envoy-external-address"]);
        Assert.Equal("https", context.Request.Headers["X-Forwarded-Proto"]);
    }

    [Fact]
    public void What_steers_proxies_is_the_mesh_s_to_say()
    {
        var context = new DefaultHttpContext();
        context.Request.Headers["x-envoy-max-retries"] = "100";
        context.Request.Headers["X-Envoy-Original-Path"] = "/admin";
        context.Request.Headers["x-forwarded-proto"] = "https";
        context.Request.Headers["x-user"] = "kept";

        EdgeHeaders.Apply(context, isSecured: false);

        Assert.Equal(["x-forwarded-proto", "x-user"], context.Request.Headers.Keys.Select(k => k.ToLowerInvariant()).Order(StringComparer.Ordinal));
        Assert.Equal("http", context.Request.Headers["X-Forwarded-Proto"]);
    }
}
