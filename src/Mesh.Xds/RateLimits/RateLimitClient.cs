using Envoy.Extensions.Common.Ratelimit.V3;
using Envoy.Service.Ratelimit.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.RateLimits;

/// <summary>Asks a rate limit service (envoy.service.ratelimit.v3).</summary>
internal sealed class RateLimitClient(GrpcChannel channel, GlobalRateLimitConfig config)
{
    private readonly GrpcCallOptions _options = new(config.Timeout, config.Service.Metadata);

    /// <exception cref="GrpcException">There was no answer, or none in time.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<RateLimitAnswer> AskAsync(IReadOnlyList<RateLimitQuestion> questions, CancellationToken cancellationToken)
    {
        var request = new RateLimitRequest { Domain = config.Domain };
        foreach (var question in questions)
        {
            var descriptor = new RateLimitDescriptor { HitsAddend = question.Hits == 1 ? null : question.Hits };
            foreach (var (key, value) in question.Entries)
            {
                descriptor.Entries.Add(new RateLimitDescriptor.Types.Entry { Key = key, Value = value });
            }

            request.Descriptors.Add(descriptor);
        }

        var response = await channel.UnaryAsync(WellKnownMethods.ShouldRateLimit, request, _options, cancellationToken).ConfigureAwait(false);
        return RateLimitAnswerReader.Read(response);
    }
}
