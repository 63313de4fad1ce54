using System.Net;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Client.Tests.LoadReports;

/// <summary>Reports that come with responses (gRFC A51, "Per-Query Metrics Reporting") become weights.</summary>
public sealed class ResponseReportTests
{
    private static readonly ClientWeightsConfig AtOnce = new() { Blackout = TimeSpan.Zero };

    [Fact]
    public async Task A_trailer_counts_once_the_body_has_ended()
    {
        using var call = Call(AtOnce);
        call.Upstream.Answer("a", (_, _) =>
        {
            var response = Response(new StreamContent(new MemoryStream([1])));
            response.TrailingHeaders.TryAddWithoutValidation("endpoint-load-metrics-bin", Report(0.25));
            return Task.FromResult(response);
        });
        using var response = await call.Send(SampleCall.Forward());
        Assert.Equal(0, Weight(call));

        await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(400, Weight(call));
    }

    [Fact]
    public async Task A_header_counts_too_in_each_of_its_forms()
    {
        using var call = Call(AtOnce);
        foreach (var (name, value, weight) in (List<(string, string, double)>)
        [
            ("endpoint-load-metrics-bin", Report(0.5), 200),
            ("endpoint-load-metrics", "TEXT cpu_utilization=0.2,rps_fractional=100", 500),
            ("endpoint-load-metrics", "JSON {\"application_utilization\":1,\"rps_fractional\":100}", 100),
        ])
        {
            call.Upstream.Answer("a", (_, _) =>
            {
                var response = Response(new ByteArrayContent([1]));
                response.Headers.TryAddWithoutValidation(name, value);
                return Task.FromResult(response);
            });
            (await call.Send(SampleCall.Forward())).Dispose();
            Assert.Equal(weight, Weight(call));
        }
    }

    [Fact]
    public async Task A_response_that_is_retried_has_told_its_load()
    {
        using var call = Call(AtOnce);
        var calls = 0;
        call.Upstream.Answer("a", (_, _) =>
        {
            var response = Response(new ByteArrayContent([1]));
            response.StatusCode = calls++ == 0 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK;
            if (calls == 1)
            {
                response.Headers.TryAddWithoutValidation("endpoint-load-metrics-bin", Report(1));
            }

            return Task.FromResult(response);
        });
        using var response = await call.Send(SampleCall.Forward(Sample.Retry(RetryConditions.ServerError)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(100, Weight(call));
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("CQ")]
    [InlineData("")]
    public async Task What_cannot_be_read_changes_nothing(string value)
    {
        using var call = Call(AtOnce);
        call.Upstream.Answer("a", (_, _) =>
        {
            var response = Response(new ByteArrayContent([1]));
            response.Headers.TryAddWithoutValidation("endpoint-load-metrics-bin", value);
            return Task.FromResult(response);
        });

        using var response = await call.Send(SampleCall.Forward());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, Weight(call));
    }

    [Fact]
    public async Task Whoever_asks_on_a_stream_looks_at_no_response()
    {
        using var call = Call(AtOnce with { OutOfBandPeriod = TimeSpan.FromSeconds(1) });
        call.Upstream.Answer("a", (_, _) =>
        {
            var response = Response(new ByteArrayContent([1]));
            response.Headers.TryAddWithoutValidation("endpoint-load-metrics-bin", Report(0.5));
            return Task.FromResult(response);
        });

        (await call.Send(SampleCall.Forward())).Dispose();

        Assert.Equal(0, Weight(call));
    }

    private static SampleCall Call(ClientWeightsConfig weights) => new(
        Sample.Cluster() with { LoadBalancing = new LoadBalancingConfig(LoadBalancingPolicy.ClientSideWeightedRoundRobin) { ClientWeights = weights } }, Sample.Endpoints("a"));

    private static double Weight(SampleCall call) =>
        Assert.Single(call.Cluster.Model.Known).ReportedWeight?.Get(AtOnce, call.Time, call.Time.GetTimestamp()) ?? 0;

    private static string Report(double cpu) => LoadReportMessages.ToHeader(new LoadReport(cpu, 0, 0, 100, 0));

    private static HttpResponseMessage Response(HttpContent content) => new(HttpStatusCode.OK) { Content = content };
}
