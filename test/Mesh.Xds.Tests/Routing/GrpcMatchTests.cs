using static ProxylessMesh.Xds.Tests.Routing.RouteSamples;

namespace ProxylessMesh.Xds.Tests.Routing;

/// <summary>RouteMatch.grpc.</summary>
public sealed class GrpcMatchTests
{
    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("application/grpc+proto", true)]
    [InlineData("application/grpc; charset=x", true)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/json", false)]
    [InlineData(null, false)]
    public void Takes_grpc_calls_only(string? contentType, bool expected)
    {
        var route = Route("grpc");
        var headers = contentType is null ? null : new Dictionary<string, string> { ["content-type"] = contentType };

        Assert.Equal(expected, Matches(route with { Match = route.Match with { OnlyGrpc = true } }, new RequestStub(Headers: headers)));
    }
}
