using System.Diagnostics.CodeAnalysis;
using Envoy.Service.LoadStats.V3;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Xds.LoadReports;

/// <summary>
/// Tells a control plane what this process sends where, for as long as a cluster asks for it: a stream whose server says which clusters
/// and how often (envoy.service.load_stats.v3; gRFC A27). A stream that ended is opened again, with back-off unless the server had answered.
/// </summary>
/// <param name="transport">The way to the server that the clusters came from (lrs_server: self).</param>
/// <param name="node">Who this process is now.</param>
/// <param name="source">The counts.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Dice of the back-off.</param>
/// <param name="logger">For what goes wrong.</param>
internal sealed partial class LoadStatsReporter(
    IAdsTransport transport, Func<NodeInfo> node, ILoadStatsSource source, TimeProvider time, IRandomSource random, ILogger logger) : IAsyncDisposable
{
    /// <summary>As in gRPC: a server that asks for more gets this.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;
    private bool _disposed;

    /// <summary>Whether any cluster asks for it.</summary>
    public void SetWanted(bool wanted)
    {
        lock (_lock)
        {
            if (_disposed || wanted == _stop is not null)
            {
                return;
            }

            if (!wanted)
            {
                _stop!.Cancel();
                _stop = null;
                return;
            }

            _stop = new CancellationTokenSource();
            var token = _stop.Token;
            var before = _running;
            _running = Task.Run(() => RunAsync(before, token), CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        SetWanted(false);
        Task running;
        lock (_lock)
        {
            _disposed = true;
            running = _running;
        }

        await running.ConfigureAwait(false);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever ends a stream, the next one may work.")]
    private async Task RunAsync(Task before, CancellationToken stop)
    {
        await before.ConfigureAwait(false);
        var backoff = new Backoff(random);
        var wasBroken = false;
        while (!stop.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            var answered = false;
            var reason = "the server ended the stream";
            try
            {
                await TellAsync(() => answered = true, stop).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                reason = e.Message;
            }

            if (stop.IsCancellationRequested)
            {
                return;
            }

            if (answered)
            {
                backoff.Reset();
                wasBroken = false;
            }
            else if (!wasBroken)
            {
                wasBroken = true;
                Log.CannotTell(logger, transport.Name, reason);
            }

            await PauseAsync(backoff.Next() - time.GetElapsedTime(started), stop).ConfigureAwait(false);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TellAsync(Action answered, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var stream = await transport.OpenLoadStatsAsync(ended.Token).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            await stream.WriteAsync(LoadStatsMessages.First(node()), ended.Token).ConfigureAwait(false);
            var response = await stream.ReadAsync(ended.Token).ConfigureAwait(false);
            var reading = Task.CompletedTask;
            try
            {
                while (response is not null)
                {
                    answered();
                    var next = stream.ReadAsync(ended.Token);
                    reading = next;
                    await ReportAsync(stream, response, next, ended.Token).ConfigureAwait(false);
                    response = await next.ConfigureAwait(false);
                }
            }
            finally
            {
                // A read that nobody awaits would be an unobserved failure.
                await ended.CancelAsync().ConfigureAwait(false);
                await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>As the server asked, until it asks for something else or ends the stream.</summary>
    private async Task ReportAsync(ILoadStatsStream stream, LoadStatsResponse asked, Task next, CancellationToken stop)
    {
        var clusters = asked.Clusters.ToHashSet(StringComparer.Ordinal);
        var interval = Interval(asked);
        Log.Telling(logger, transport.Name, interval.TotalSeconds, asked.SendAllClusters ? "all" : $"{clusters.Count}");
        while (true)
        {
            var tick = Task.Delay(interval, time, stop);
            if (await Task.WhenAny(tick, next).ConfigureAwait(false) == next)
            {
                return;
            }

            await tick.ConfigureAwait(false);
            var stats = source.Take(name => asked.SendAllClusters || clusters.Contains(name));
            await stream.WriteAsync(LoadStatsMessages.Report(stats), stop).ConfigureAwait(false);
        }
    }

    private static TimeSpan Interval(LoadStatsResponse asked)
    {
        var seconds = asked.LoadReportingInterval is { } interval ? interval.Seconds + (interval.Nanos / 1e9) : 0;
        return seconds <= Shortest.TotalSeconds ? Shortest : seconds >= Longest.TotalSeconds ? Longest : TimeSpan.FromSeconds(seconds);
    }

    private static partial class Log
    {
        [LoggerMessage(1181, LogLevel.Information, "Telling {Server} the load that this process makes, every {Seconds} s, of {Clusters} clusters")]
        public static partial void Telling(ILogger logger, string server, double seconds, string clusters);

        [LoggerMessage(1182, LogLevel.Warning, "Load reports cannot be told to {Server}, trying again: {Reason}")]
        public static partial void CannotTell(ILogger logger, string server, string reason);
    }
}
