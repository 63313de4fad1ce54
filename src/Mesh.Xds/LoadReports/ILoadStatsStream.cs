using Envoy.Service.LoadStats.V3;

namespace ProxylessMesh.Xds.LoadReports;

/// <summary>A call of LoadReportingService/StreamLoadStats. One writer and one reader at a time.</summary>
internal interface ILoadStatsStream : IAsyncDisposable
{
    Task WriteAsync(LoadStatsRequest request, CancellationToken cancellationToken);

    /// <summary>Null: the server ended it.</summary>
    Task<LoadStatsResponse?> ReadAsync(CancellationToken cancellationToken);
}
