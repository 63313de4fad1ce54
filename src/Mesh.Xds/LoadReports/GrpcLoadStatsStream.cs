using Envoy.Service.LoadStats.V3;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.LoadReports;

/// <summary>A call together with the channel that only it uses.</summary>
internal sealed class GrpcLoadStatsStream(GrpcChannel channel, GrpcDuplexCall<LoadStatsRequest, LoadStatsResponse> call) : ILoadStatsStream
{
    public Task WriteAsync(LoadStatsRequest request, CancellationToken cancellationToken) => call.WriteAsync(request, cancellationToken);

    public Task<LoadStatsResponse?> ReadAsync(CancellationToken cancellationToken) => call.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await call.DisposeAsync().ConfigureAwait(false);
        channel.Dispose();
    }
}
