using Envoy.Service.Auth.V3;
using Google.Rpc;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.ExternalAuthorization;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Tests.Grpc;

namespace ProxylessMesh.Xds.Tests.ExternalAuthorization;

/// <summary>What goes over the wire to a service that is asked over gRPC.</summary>
public sealed class GrpcAuthorizerTests
{
    [Fact]
    public async Task The_service_is_told_what_a_route_says_to_it_and_what_the_provider_adds()
    {
        CheckRequest? seen = null;
        var metadata = "";
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            seen = await RawGrpcServer.ReceiveAsync(context, CheckRequest.Parser);
            metadata = context.Request.Headers["x-tenant"].ToString();
            await RawGrpcServer.BeginAsync(context);
            await RawGrpcServer.SendAsync(context, RawGrpcServer.Frame(new CheckResponse { Status = new Status() }));
            RawGrpcServer.EndWith(context, "0");
        });
        using var channel = GrpcCalls.Channel(server.Address);
        var authorizer = new GrpcAuthorizer(channel, new ExternalAuthorizationConfig
        {
            Timeout = GrpcCalls.Patience,
            Grpc = new GrpcServiceConfig("127.0.0.1", 1) { Metadata = [new("x-tenant", "blue")] },
        });

        var verdict = await authorizer.AskAsync(
            new AuthorizationInquiry("GET", "/a?b=c", "reviews:9080", "http", "HTTP/2")
            {
                Headers = [new("accept", "text/plain")],
                ContextExtensions = [new("tier", "gold"), new("route", "all")],
                ServerName = "reviews",
            },
            CancellationToken.None);

        Assert.True(verdict.IsAllowed);
        Assert.Equal("blue", metadata);
        Assert.Equal(("gold", "all"), (seen!.Attributes.ContextExtensions["tier"], seen.Attributes.ContextExtensions["route"]));
        Assert.Equal(("GET", "/a?b=c", "reviews:9080", "text/plain"), (seen.Attributes.Request.Http.Method, seen.Attributes.Request.Http.Path, seen.Attributes.Request.Http.Host, seen.Attributes.Request.Http.Headers["accept"]));
        Assert.Equal("reviews", seen.Attributes.TlsSession.Sni);
    }

    [Theory]
    [InlineData("14")]
    [InlineData("7")]
    [InlineData("16")]
    public async Task A_status_of_the_call_is_no_verdict(string status)
    {
        await using var server = await RawGrpcServer.StartAsync(async context =>
        {
            await RawGrpcServer.BeginAsync(context);
            RawGrpcServer.EndWith(context, status, "away");
        });
        using var channel = GrpcCalls.Channel(server.Address);
        var authorizer = new GrpcAuthorizer(channel, new ExternalAuthorizationConfig { Timeout = GrpcCalls.Patience, Grpc = new GrpcServiceConfig("127.0.0.1", 1) });

        await Assert.ThrowsAsync<AuthorizerException>(() =>
            authorizer.AskAsync(new AuthorizationInquiry("GET", "/", "a", "http", "HTTP/2") { Headers = [] }, CancellationToken.None));
    }
}
