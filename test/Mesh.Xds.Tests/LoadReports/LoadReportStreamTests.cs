using System.IO.Pipelines;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.LoadReports;
using Xds.Data.Orca.V3;
using Xds.Service.Orca.V3;

namespace ProxylessMesh.Xds.Tests.LoadReports;

/// <summary>gRFC A51, "Out of Band Metrics Reporting": the serving side.</summary>
public sealed class LoadReportStreamTests
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(30);

    private readonly FakeTime _time = new();

    [Theory]
    [InlineData(0, 30)]
    [InlineData(10, 30)]
    [InlineData(30, 30)]
    [InlineData(45, 45)]
    [InlineData(-1, 30)]
    public async Task The_load_is_told_at_once_and_then_at_the_interval_but_not_below_the_servers(long asked, int seconds)
    {
        using var stop = new CancellationTokenSource();
        var pipe = new Pipe();
        var told = 0;
        var serving = ServeAsync(new OrcaLoadReportRequest { ReportInterval = new Duration { Seconds = asked } }, pipe.Writer.AsStream(), () => new LoadReport(++told, 0, 0, 0, 0), stop.Token);
        var reader = new GrpcFrameReader(pipe.Reader.AsStream(), 1024);

        Assert.Equal(1, (await reader.ReadAsync(OrcaLoadReport.Parser, default))!.CpuUtilization);
        await _time.WhenArmedAsync(1);
        _time.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        Assert.Equal(1, told);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(2, (await reader.ReadAsync(OrcaLoadReport.Parser, default))!.CpuUtilization);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
    }

    [Fact]
    public async Task A_call_without_message_is_refused()
    {
        var failure = await Assert.ThrowsAsync<GrpcException>(
            () => LoadReportStream.ServeAsync(Stream.Null, Stream.Null, Shortest, () => default, _time, CancellationToken.None));

        Assert.Equal(GrpcStatusCode.Internal, failure.Status);
    }

    private Task ServeAsync(OrcaLoadReportRequest request, Stream response, Func<LoadReport> report, CancellationToken stop) =>
        LoadReportStream.ServeAsync(new MemoryStream(GrpcFrameWriter.Encode(request)), response, Shortest, report, _time, stop);
}
