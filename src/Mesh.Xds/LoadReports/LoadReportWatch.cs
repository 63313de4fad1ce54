using System.Diagnostics.CodeAnalysis;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Randomness;
using Xds.Service.Orca.V3;

namespace ProxylessMesh.Xds.LoadReports;

/// <summary>
/// Has an endpoint tell its load on a stream (gRFC A51). A stream that ended is opened again, with back-off until it brings something; one
/// that the endpoint does not have is never asked for again.
/// </summary>
internal sealed partial class LoadReportWatch : IDisposable
{
    /// <summary>Between two reports; an endpoint that tells more often waits until it is read.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    private readonly string _endpoint;
    private readonly GrpcChannel _channel;
    private readonly TimeSpan _interval;
    private readonly Action<LoadReport> _onReport;
    private readonly TimeProvider _time;
    private readonly IRandomSource _random;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private int _started;

    /// <param name="endpoint">Its address; also what calls to it say as authority.</param>
    /// <param name="handler">The way to it; disposed of with the watch.</param>
    /// <param name="interval">That is asked for.</param>
    /// <param name="onReport">Told of each report, one at a time.</param>
    /// <param name="time">Clock of the back-off.</param>
    /// <param name="random">Dice of the back-off.</param>
    /// <param name="logger">For an endpoint that tells nothing.</param>
    public LoadReportWatch(
        string endpoint, HttpMessageHandler handler, TimeSpan interval, Action<LoadReport> onReport, TimeProvider time, IRandomSource random, ILogger logger)
    {
        _endpoint = endpoint;
        _channel = GrpcChannel.Over(handler, new Uri($"http://{endpoint}"), new GrpcChannelSettings(), time);
        _interval = interval;
        _onReport = onReport;
        _time = time;
        _random = random;
        _logger = logger;
    }

    /// <summary>With the first request to the endpoint: most endpoints of a large service are never called by one process. Later calls do nothing.</summary>
    public void Start()
    {
        if (Volatile.Read(ref _started) == 0 && Interlocked.Exchange(ref _started, 1) == 0)
        {
            _ = Task.Run(RunAsync, CancellationToken.None);
        }
    }

    public void Dispose() => _stop.Cancel();

    [SuppressMessage("Design", "CA1031", Justification = "Whatever ends a stream, the next one may bring reports again.")]
    private async Task RunAsync()
    {
        var backoff = new Backoff(_random);
        try
        {
            while (true)
            {
                try
                {
                    await ReadAsync(backoff).ConfigureAwait(false);
                }
                catch (GrpcException e) when (e.Status == GrpcStatusCode.Unimplemented)
                {
                    Log.TellsNothing(_logger, _endpoint);
                    return;
                }
                catch (Exception) when (!_stop.IsCancellationRequested)
                {
                    // An endpoint that is down is for outlier detection and the control plane to notice.
                }

                await Task.Delay(backoff.Next(), _time, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody wants to know any more.
        }
        finally
        {
            _channel.Dispose();
        }
    }

    private async Task ReadAsync(Backoff backoff)
    {
        var call = _channel.Duplex(WellKnownMethods.StreamCoreMetrics, GrpcCallOptions.None);
        await using (call.ConfigureAwait(false))
        {
            await call.WriteAsync(new OrcaLoadReportRequest { ReportInterval = _interval.ToDuration() }, _stop.Token).ConfigureAwait(false);
            await call.CompleteAsync().ConfigureAwait(false);
            var last = _time.GetTimestamp();
            while (await call.ReadAsync(_stop.Token).ConfigureAwait(false) is { } message)
            {
                backoff.Reset();
                _onReport(LoadReportMessages.From(message));
                var pause = Shortest - _time.GetElapsedTime(last);
                if (pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(false);
                }

                last = _time.GetTimestamp();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1180, LogLevel.Warning, "The endpoint {Endpoint} has no stream of load reports (OpenRcaService); it counts as the mean of those that have")]
        public static partial void TellsNothing(ILogger logger, string endpoint);
    }
}
