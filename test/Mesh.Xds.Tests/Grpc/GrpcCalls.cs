using Envoy.Service.Discovery.V3;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Tests.Grpc;

/// <summary>The method that all transport tests call.</summary>
internal static class GrpcCalls
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static GrpcMethod<DiscoveryRequest, DiscoveryResponse> Method => WellKnownMethods.StreamAggregatedResources;

    public static GrpcChannel Channel(Uri address, GrpcChannelSettings? settings = null, TimeProvider? time = null) =>
        new(address, settings ?? new GrpcChannelSettings(), tls: null, time ?? TimeProvider.System);

    public static async Task<GrpcException> FailAsync(Uri address, GrpcChannelSettings? settings = null)
    {
        using var channel = Channel(address, settings);
        return await Assert.ThrowsAsync<GrpcException>(
            () => channel.UnaryAsync(Method, new DiscoveryRequest(), GrpcCallOptions.None, CancellationToken.None).WaitAsync(Patience));
    }

    /// <summary>What a unary call to a server with this handler ends with.</summary>
    public static async Task<GrpcException> FailAsync(Microsoft.AspNetCore.Http.RequestDelegate handler, GrpcChannelSettings? settings = null)
    {
        await using var server = await RawGrpcServer.StartAsync(handler);
        return await FailAsync(server.Address, settings);
    }
}
