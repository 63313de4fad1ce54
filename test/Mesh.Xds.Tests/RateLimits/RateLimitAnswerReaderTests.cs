using Envoy.Config.Core.V3;
using Envoy.Service.Ratelimit.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.RateLimits;
using Limit = Envoy.Service.Ratelimit.V3.RateLimitResponse.Types.RateLimit;

namespace ProxylessMesh.Xds.Tests.RateLimits;

/// <summary>A service's answer cannot break a message.</summary>
public sealed class RateLimitAnswerReaderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void An_answer_that_says_nothing_is_none(int code) =>
        Assert.Throws<GrpcException>(() => RateLimitAnswerReader.Read(new RateLimitResponse { OverallCode = (RateLimitResponse.Types.Code)code }));

    [Fact]
    public void Headers_that_cannot_be_sent_are_left_away()
    {
        var response = new RateLimitResponse { OverallCode = RateLimitResponse.Types.Code.Ok };
        foreach (var (name, value) in new[] { ("X-Good", "yes"), ("x-bad", "a\r\nb: c"), ("host", "evil"), ("content-length", "0"), (":status", "200"), ("", "x"), ("x y", "z") })
        {
            response.ResponseHeadersToAdd.Add(new HeaderValue { Key = name, Value = value });
        }

        Assert.Equal([new HeaderMutationConfig(HeaderMutationKind.Append, "x-good", "yes")], RateLimitAnswerReader.Read(response).ResponseHeaders);
    }

    [Fact]
    public void Statuses_are_bounded_and_made_safe()
    {
        var response = new RateLimitResponse { OverallCode = RateLimitResponse.Types.Code.OverLimit };
        for (var i = 0; i < 1000; i++)
        {
            response.Statuses.Add(new RateLimitResponse.Types.DescriptorStatus
            {
                CurrentLimit = new Limit { Name = "a\"\r\n", RequestsPerUnit = 1, Unit = (Limit.Types.Unit)99 },
                DurationUntilReset = new Duration { Seconds = long.MaxValue },
            });
        }

        var answer = RateLimitAnswerReader.Read(response);

        Assert.True(answer.IsOver);
        Assert.Equal(100, answer.Statuses.Count);
        Assert.Equal(new RateLimitStatus(1, 0, "", 0, TimeSpan.Zero), answer.Statuses[0]);
    }
}
