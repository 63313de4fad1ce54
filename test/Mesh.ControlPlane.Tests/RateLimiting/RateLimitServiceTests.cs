using System.Globalization;
using System.Text;
using Envoy.Extensions.Common.Ratelimit.V3;
using Envoy.Service.Ratelimit.V3;
using ProxylessMesh.ControlPlane.RateLimiting;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;
using Code = Envoy.Service.Ratelimit.V3.RateLimitResponse.Types.Code;

namespace ProxylessMesh.ControlPlane.Tests.RateLimiting;

public class RateLimitServiceTests
{
    private const string Config = """
        domain: shop
        descriptors:
        - key: user
          rate_limit: {unit: minute, requests_per_unit: 2, name: per-user}
        - key: user
          value: batch
          rate_limit: {unlimited: true}
        - key: path
          value: /buy
          descriptors:
          - key: user
            rate_limit: {unit: second, requests_per_unit: 1}
        - key: watched
          shadow_mode: true
          rate_limit: {unit: second, requests_per_unit: 1}
        - key: closed
          rate_limit: {unit: day, requests_per_unit: 0}
        ---
        domain: other
        descriptors:
        - key: user
          rate_limit: {unit: hour, requests_per_unit: 1}
        """;

    private readonly FakeTime _time = new();
    private readonly RateLimitService _service;

    public RateLimitServiceTests()
    {
        Assert.Empty(RateLimitConfigReader.Read("limits.yaml", Encoding.UTF8.GetBytes(Config), out var domains));
        _service = new RateLimitService(domains, new RateLimitCounters(_time));
    }

    [Fact]
    public void Each_value_has_its_count_in_each_window()
    {
        Assert.Equal([Code.Ok, Code.Ok, Code.OverLimit], [Ask("shop", "user=a"), Ask("shop", "user=a"), Ask("shop", "user=a")]);
        Assert.Equal(Code.Ok, Ask("shop", "user=b"));
        Assert.Equal(Code.Ok, Ask("other", "user=a"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Code.Ok, Ask("shop", "user=a"));
    }

    [Fact]
    public void An_exact_value_goes_first_and_what_is_not_configured_has_no_limit()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(Code.Ok, Ask("shop", "user=batch"));
            Assert.Equal(Code.Ok, Ask("shop", "path=/buy"));
            Assert.Equal(Code.Ok, Ask("shop", "path=/sell;user=a"));
            Assert.Equal(Code.Ok, Ask("nowhere", "user=a"));
            Assert.Equal(Code.Ok, Ask("shop", "watched=a"));
        }

        Assert.Equal([Code.Ok, Code.OverLimit], [Ask("shop", "path=/buy;user=a"), Ask("shop", "path=/buy;user=a")]);
        Assert.Equal(Code.OverLimit, Ask("shop", "closed=a"));
    }

    [Fact]
    public void The_answer_tells_the_limit()
    {
        var answer = _service.Answer(Request("shop", "user=a", "path=/else"));

        Assert.Equal(["per-user", null], answer.Statuses.Select(s => s.CurrentLimit?.Name));
        Assert.Equal((2u, 1u, 60L), (answer.Statuses[0].CurrentLimit.RequestsPerUnit, answer.Statuses[0].LimitRemaining, answer.Statuses[0].DurationUntilReset.Seconds));
    }

    [Fact]
    public void A_request_can_count_as_many()
    {
        var request = Request("shop", "user=a");
        request.Descriptors[0].HitsAddend = ulong.MaxValue;
        Assert.Equal(Code.OverLimit, _service.Answer(request).OverallCode);
        Assert.Equal(Code.OverLimit, Ask("shop", "user=a"));

        var all = Request("shop", "user=c");
        all.HitsAddend = 3;
        Assert.Equal(Code.OverLimit, _service.Answer(all).OverallCode);
    }

    [Fact]
    public void A_request_without_domain_or_descriptors_is_refused()
    {
        Assert.Equal(GrpcStatusCode.InvalidArgument, Assert.Throws<GrpcException>(() => _service.Answer(new RateLimitRequest { Domain = "shop" })).Status);
        Assert.Equal(GrpcStatusCode.InvalidArgument, Assert.Throws<GrpcException>(() => _service.Answer(Request("", "user=a"))).Status);
        Assert.Equal(GrpcStatusCode.InvalidArgument, Assert.Throws<GrpcException>(() => _service.Answer(Request("shop", [.. Enumerable.Repeat("user=a", 1001)]))).Status);
    }

    [Fact]
    public void A_flood_of_values_is_counted_in_bounded_memory()
    {
        var counters = new RateLimitCounters(_time, max: 10);
        var limit = new ConfiguredLimit(5, RateLimitResponse.Types.RateLimit.Types.Unit.Second, TimeSpan.FromSeconds(1), "", IsShadow: false);
        for (var i = 0; i < 1000; i++)
        {
            counters.Add(i.ToString(CultureInfo.InvariantCulture), limit, 1);
        }

        Assert.Equal(10, counters.Count);
        Assert.Equal(991UL, counters.Add("late", limit, 1).Count);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1UL, counters.Add("new", limit, 1).Count);
    }

    [Theory]
    [InlineData("domain: a\ndescriptors: [{key: k, rate_limit: {unit: fortnight, requests_per_unit: 1}}]", "not one of second, minute")]
    [InlineData("descriptors: [{key: k}]", "domain is missing")]
    [InlineData("domain: a\ndescriptors: [{value: k}]", "key is missing")]
    [InlineData("domain: a\ndescriptors: [{key: k}, {key: k}]", "has the key and value of another one")]
    [InlineData("domain: a\n---\ndomain: a", "stands twice")]
    [InlineData("domain: a\ndescriptors: [{key: k, rate_limit: {requests_per_unit: 1}}]", "unit is missing")]
    [InlineData("domain: a\ndescriptors: [{key: k, rate_limit: {unit: day, requests_per_unit: -1}}]", "out of range")]
    [InlineData("domain: a\ndescriptors: [{key: k, rate_limit: {unit: day, requests_per_unit: 1, replaces: [{name: b}]}}]", "replaces is not supported")]
    [InlineData("[1]", "must be a map")]
    [InlineData("a: [", "MESH1001")]
    public void Says_what_is_wrong(string yaml, string problem) => Assert.Contains(
        RateLimitConfigReader.Read("limits.yaml", Encoding.UTF8.GetBytes(yaml), out _), p => p.ToString().Contains(problem, StringComparison.Ordinal));

    private Code Ask(string domain, string descriptor) => _service.Answer(Request(domain, descriptor)).OverallCode;

    private static RateLimitRequest Request(string domain, params string[] descriptors)
    {
        var request = new RateLimitRequest { Domain = domain };
        foreach (var descriptor in descriptors)
        {
            var made = new RateLimitDescriptor();
            foreach (var entry in descriptor.Split(';'))
            {
                made.Entries.Add(new RateLimitDescriptor.Types.Entry { Key = entry.Split('=')[0], Value = entry.Split('=')[1] });
            }

            request.Descriptors.Add(made);
        }

        return request;
    }
}
