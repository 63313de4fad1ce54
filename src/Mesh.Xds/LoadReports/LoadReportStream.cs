using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Grpc;
using Xds.Service.Orca.V3;

namespace ProxylessMesh.Xds.LoadReports;

/// <summary>The serving side of OpenRcaService/StreamCoreMetrics (gRFC A51, "Out of Band Metrics Reporting").</summary>
internal static class LoadReportStream
{
    private const int MaxRequestSize = 64 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static string Path => WellKnownMethods.StreamCoreMetrics.Path;

    /// <summary>Tells the load at once and then at the interval that the caller asked for, until it goes.</summary>
    /// <param name="request">Body of the call.</param>
    /// <param name="response">Body of the answer; its headers must be set.</param>
    /// <param name="shortest">Interval that no caller gets below.</param>
    /// <param name="report">What is told.</param>
    /// <param name="time">Clock of the interval.</param>
    /// <param name="cancellationToken">The caller's going, or the server's.</param>
    /// <exception cref="GrpcException">The request is no such message.</exception>
    public static async Task ServeAsync(
        Stream request, Stream response, TimeSpan shortest, Func<LoadReport> report, TimeProvider time, CancellationToken cancellationToken)
    {
        var asked = await new GrpcFrameReader(request, MaxRequestSize).ReadAsync(OrcaLoadReportRequest.Parser, cancellationToken).ConfigureAwait(false)
            ?? throw new GrpcException(GrpcStatusCode.Internal, "the call holds no message");
        using var timer = new PeriodicTimer(Interval(asked.ReportInterval, shortest), time);
        do
        {
            var current = report();
            await GrpcFrameWriter.WriteAsync(response, LoadReportMessages.ToMessage(in current), cancellationToken).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>A stranger's duration may be anything.</summary>
    private static TimeSpan Interval(Duration? asked, TimeSpan shortest) =>
        asked is null || asked.Seconds < 0 ? shortest
        : asked.Seconds >= Longest.TotalSeconds ? Longest
        : TimeSpan.FromSeconds(asked.Seconds + (Math.Clamp(asked.Nanos, 0, 999_999_999) / 1e9)) is var interval && interval > shortest ? interval
        : shortest;
}
