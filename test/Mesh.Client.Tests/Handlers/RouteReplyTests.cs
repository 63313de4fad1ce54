using System.Net;
using ProxylessMesh.Client.Handlers;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.Handlers;

/// <summary>Routes that answer by themselves.</summary>
public sealed class RouteReplyTests
{
    [Fact]
    public async Task ADirectResponseIsSentAsItIsWritten()
    {
        var response = Reply(new DirectResponseActionConfig(418, "short and stout"));

        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("short and stout", await response.Content.ReadAsStringAsync());
        Assert.Equal("flags=- route=answer cluster=- endpoint=- attempts=0", response.GetMeshOutcome()!.ToString());
    }

    [Fact]
    public async Task BytesStayBytes()
    {
        var response = Reply(new DirectResponseActionConfig(200, "") { Bytes = [0xFF, 0x00] });

        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.ToString());
        Assert.Equal([0xFF, 0x00], await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task WithoutABodyThereIsNoType()
    {
        var response = Reply(new DirectResponseActionConfig(204, ""));

        Assert.Null(response.Content.Headers.ContentType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(403, "7")]
    [InlineData(404, "12")]
    [InlineData(503, "14")]
    public void AGrpcCallerGetsAStatus(int status, string grpc)
    {
        var content = new ByteArrayContent([]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");

        var response = Reply(new DirectResponseActionConfig(status, "not here"), content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([grpc], response.Headers.GetValues("grpc-status"));
        Assert.Equal(["not%20here"], response.Headers.GetValues("grpc-message"));
    }

    [Fact]
    public void ARedirectSaysWhere()
    {
        var response = Reply(new RedirectActionConfig(308, null, "example.com", null, null, null, false));

        Assert.Equal(308, (int)response.StatusCode);
        Assert.Equal("http://example.com/a?b=c", response.Headers.Location?.ToString());
    }

    [Fact]
    public void ARoutesResponseHeadersAreOnItsReplies()
    {
        var changes = new HeaderMutationsConfig([], [new HeaderMutationConfig(HeaderMutationKind.Set, "x-by", "mesh")]);

        var response = Reply(new DirectResponseActionConfig(200, "ok"), headers: changes);

        Assert.Equal(["mesh"], response.Headers.GetValues("x-by"));
    }

    [Fact]
    public async Task WhatCannotBeDoneSaysSo()
    {
        var response = Reply(new UnsupportedActionConfig("cluster_header is not supported"));

        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
        Assert.Equal(ResponseFlags.InvalidConfiguration, response.GetMeshOutcome()!.Flags);
        Assert.Equal("route \"answer\": cluster_header is not supported", await response.Content.ReadAsStringAsync());
    }

    private static HttpResponseMessage Reply(RouteActionConfig action, HttpContent? content = null, HeaderMutationsConfig? headers = null)
    {
        var match = new RouteMatchConfig(new PathMatchConfig(PathMatchKind.Prefix, "/"), [], [], null);
        var entry = new RouteEntryConfig("answer", match, action) { Headers = headers ?? HeaderMutationsConfig.None };
        var route = RouteModel.Compile(entry, _ => throw new InvalidOperationException("no cluster is asked for"));
        return RouteReply.Create(new HttpRequestMessage(HttpMethod.Get, "http://reviews/a?b=c") { Content = content }, route);
    }
}
