using Envoy.Service.LoadStats.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.LoadReports;

/// <summary>Serves LoadReportingService: whoever may ask for configuration may tell what load it makes.</summary>
internal sealed class LoadReportServer(IStreamAuthenticator authenticator, LoadReportSettings settings, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private int _serving;

    public LoadTable Table { get; } = new(settings);

    public int MaxMessageSize => settings.MaxMessageSize;

    /// <summary>Ends all streams with UNAVAILABLE; clients come back to whoever follows.</summary>
    public void Stop() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();

    public async Task ServeAsync(IGrpcServerStream<LoadStatsRequest, LoadStatsResponse> stream, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        var serving = Interlocked.Increment(ref _serving);
        try
        {
            if (serving > settings.MaxStreams)
            {
                throw new GrpcException(GrpcStatusCode.Unavailable, $"there are {settings.MaxStreams} streams of load reports already");
            }

            await authenticator.AuthenticateAsync(stream.HttpContext, ended.Token).ConfigureAwait(false);
            await TakeAsync(stream, ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatusCode.Unavailable, "the control plane is shutting down");
        }
        finally
        {
            Interlocked.Decrement(ref _serving);
        }
    }

    private async Task TakeAsync(IGrpcServerStream<LoadStatsRequest, LoadStatsResponse> stream, CancellationToken cancellationToken)
    {
        if (await FirstAsync(stream, cancellationToken).ConfigureAwait(false) is not { } request)
        {
            return;
        }

        if (request.Node is null)
        {
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "the first request of a stream must carry the node");
        }

        await stream.WriteAsync(new LoadStatsResponse { SendAllClusters = true, LoadReportingInterval = settings.Interval.ToDuration() }, cancellationToken).ConfigureAwait(false);
        var known = new HashSet<string>(StringComparer.Ordinal);
        var (since, count) = (time.GetTimestamp(), 0);
        try
        {
            for (var next = request; next is not null; next = await stream.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (time.GetElapsedTime(since) >= settings.Interval)
                {
                    (since, count) = (time.GetTimestamp(), 0);
                }

                if (++count > settings.MaxRequestsInInterval)
                {
                    throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"a report is due every {settings.Interval.TotalSeconds} s, and {settings.MaxRequestsInInterval} have come");
                }

                foreach (var report in next.ClusterStats)
                {
                    Table.Add(stream, known, report);
                }
            }
        }
        finally
        {
            Table.Forget(stream, known);
        }
    }

    private async Task<LoadStatsRequest?> FirstAsync(IGrpcServerStream<LoadStatsRequest, LoadStatsResponse> stream, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(settings.FirstRequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await stream.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatusCode.DeadlineExceeded, $"no request within {settings.FirstRequestTimeout.TotalSeconds} s");
        }
    }
}
