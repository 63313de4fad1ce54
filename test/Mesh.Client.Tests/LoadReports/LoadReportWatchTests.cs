using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Client.LoadReports;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.LoadReports;
using Xds.Service.Orca.V3;

namespace ProxylessMesh.Client.Tests.LoadReports;

/// <summary>Endpoints that tell their load on a stream (gRFC A51, "Out of Band Metrics Reporting").</summary>
public sealed class LoadReportWatchTests : IDisposable
{
    private static readonly ClientWeightsConfig Weights = new() { Blackout = TimeSpan.Zero, OutOfBandPeriod = TimeSpan.FromSeconds(7) };

    private readonly FakeTime _time = new();
    private readonly CollectedLogs _logs = new();
    private readonly StubUpstream _upstream = new();
    private readonly Channel<TellingEndpoint> _streams = Channel.CreateUnbounded<TellingEndpoint>();
    private readonly ClusterState _cluster;

    public LoadReportWatchTests()
    {
        _upstream.Answer("a", (request, token) => TellingEndpoint.Accept(request, _streams.Writer, token));
        _cluster = new ClusterState(Sample.ClusterName, _upstream.Handler, _time, new SeededRandom(1), loads: new LoadServices(_ => null, _logs.CreateLogger("test")));
        var config = Sample.Cluster() with { LoadBalancing = new LoadBalancingConfig(LoadBalancingPolicy.ClientSideWeightedRoundRobin) { ClientWeights = Weights } };
        _cluster.Apply(Sample.Snapshot(config, Sample.Endpoints("a")));
    }

    [Fact]
    public async Task The_first_request_opens_the_stream_with_the_interval_and_reports_make_the_weight()
    {
        Assert.Empty(_upstream.Calls);
        Begin();
        Begin();
        var stream = await NextAsync();
        Assert.Equal(7, (await stream.RequestAsync()).ReportInterval.Seconds);

        await stream.TellAsync(new LoadReport(0.5, 0, 0, 100, 0));
        await SampleCall.UntilAsync(() => Weight() == 200);

        // The next one is read a tenth of a second later at the earliest.
        await stream.TellAsync(new LoadReport(0.5, 0, 0.25, 100, 0));
        await _time.WhenArmedAsync(2);
        Assert.Equal(200, Weight());
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await SampleCall.UntilAsync(() => Weight() == 400);
        Assert.Single(_upstream.Calls);
    }

    [Fact]
    public async Task A_stream_that_ended_is_opened_again_after_a_pause()
    {
        Begin();
        await (await NextAsync()).EndAsync("14");
        await _time.WhenArmedAsync(2);
        _time.Advance(TimeSpan.FromSeconds(1.2));

        var second = await NextAsync();
        await second.TellAsync(new LoadReport(1, 0, 0, 100, 0));
        await SampleCall.UntilAsync(() => Weight() == 100);
    }

    [Fact]
    public async Task An_endpoint_without_the_method_is_asked_once()
    {
        Begin();
        await (await NextAsync()).EndAsync("12");
        await SampleCall.UntilAsync(() => _logs.Entries.Any(e => e.Id.Id == 1180));
        _time.Advance(TimeSpan.FromMinutes(10));
        Begin();

        Assert.Single(_upstream.Calls);
    }

    [Fact]
    public async Task The_stream_goes_with_its_endpoint()
    {
        Begin();
        var stream = await NextAsync();
        await stream.RequestAsync();
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints("b")));

        await stream.Cancelled;
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _logs.Dispose();
    }

    private void Begin() => Assert.Single(_cluster.Model.Known).Load!.Begin();

    private double Weight() => Assert.Single(_cluster.Model.Known).ReportedWeight!.Get(Weights, _time, _time.GetTimestamp());

    private Task<TellingEndpoint> NextAsync() => _streams.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>The endpoint's end of one stream.</summary>
    private sealed class TellingEndpoint
    {
        private readonly Pipe _request = new();
        private readonly Pipe _response = new();
        private readonly HttpResponseMessage _message;

        private TellingEndpoint(HttpRequestMessage request, CancellationToken token)
        {
            var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            token.Register(cancelled.SetResult);
            Cancelled = cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
            _message = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, Content = new StreamContent(_response.Reader.AsStream()) };
            _message.Content.Headers.TryAddWithoutValidation("content-type", GrpcContentType.Value);
            _ = request.Content!.CopyToAsync(_request.Writer.AsStream(), token);
        }

        public Task Cancelled { get; }

        public static Task<HttpResponseMessage> Accept(HttpRequestMessage request, ChannelWriter<TellingEndpoint> accepted, CancellationToken token)
        {
            Assert.Equal("/xds.service.orca.v3.OpenRcaService/StreamCoreMetrics", request.RequestUri!.AbsolutePath);
            var endpoint = new TellingEndpoint(request, token);
            accepted.TryWrite(endpoint);
            return Task.FromResult(endpoint._message);
        }

        public async Task<OrcaLoadReportRequest> RequestAsync() =>
            (await new GrpcFrameReader(_request.Reader.AsStream(), 1024).ReadAsync(OrcaLoadReportRequest.Parser, CancellationToken.None))!;

        public async Task TellAsync(LoadReport report) =>
            await _response.Writer.WriteAsync(GrpcFrameWriter.Encode(LoadReportMessages.ToMessage(in report)));

        public async Task EndAsync(string status)
        {
            _message.TrailingHeaders.TryAddWithoutValidation("grpc-status", status);
            await _response.Writer.CompleteAsync();
        }
    }
}
