using System.Text;
using Envoy.Extensions.Common.Ratelimit.V3;
using Envoy.Service.Ratelimit.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Grpc;
using Code = Envoy.Service.Ratelimit.V3.RateLimitResponse.Types.Code;

namespace ProxylessMesh.ControlPlane.RateLimiting;

/// <summary>ShouldRateLimit, from a configuration and counters in memory: for development, and for what one process can count.</summary>
internal sealed class RateLimitService(IReadOnlyDictionary<string, RateLimitNode> domains, RateLimitCounters counters)
{
    private const int MaxDescriptors = 1000;
    private const int MaxValue = 1024;

    /// <exception cref="GrpcException">The question is empty or too large.</exception>
    public RateLimitResponse Answer(RateLimitRequest request)
    {
        if (request.Domain.Length == 0 || request.Descriptors.Count is 0 or > MaxDescriptors)
        {
            throw new GrpcException(GrpcStatusCode.InvalidArgument, $"a request names a domain and 1 to {MaxDescriptors} descriptors");
        }

        var response = new RateLimitResponse { OverallCode = Code.Ok };
        var root = domains.GetValueOrDefault(request.Domain);
        foreach (var descriptor in request.Descriptors)
        {
            var hits = descriptor.HitsAddend ?? Math.Max(1, request.HitsAddend);
            var status = Find(root, descriptor) is { Requests: not null } limit
                ? Count(NameOf(request.Domain, descriptor), limit, hits)
                : new RateLimitResponse.Types.DescriptorStatus { Code = Code.Ok };
            response.Statuses.Add(status);
            response.OverallCode = status.Code == Code.OverLimit ? Code.OverLimit : response.OverallCode;
        }

        return response;
    }

    private RateLimitResponse.Types.DescriptorStatus Count(string name, ConfiguredLimit limit, ulong hits)
    {
        var allowed = limit.Requests!.Value;
        var (count, left) = counters.Add(name, limit, hits);
        return new RateLimitResponse.Types.DescriptorStatus
        {
            Code = count > allowed && !limit.IsShadow ? Code.OverLimit : Code.Ok,
            CurrentLimit = new RateLimitResponse.Types.RateLimit { Name = limit.Name, RequestsPerUnit = allowed, Unit = limit.Unit },
            LimitRemaining = (uint)(allowed > count ? allowed - count : 0),
            DurationUntilReset = Duration.FromTimeSpan(left),
        };
    }

    private static ConfiguredLimit? Find(RateLimitNode? node, RateLimitDescriptor descriptor)
    {
        if (descriptor.Entries.Count == 0)
        {
            return null;
        }

        foreach (var entry in descriptor.Entries)
        {
            node = node?.Find(entry.Key, entry.Value);
        }

        return node?.Limit;
    }

    // Lengths keep entries apart whatever they hold; long values are cut, so that callers do not decide how much is kept.
    private static string NameOf(string domain, RateLimitDescriptor descriptor)
    {
        var name = new StringBuilder().Append(domain.Length).Append(':').Append(domain);
        foreach (var entry in descriptor.Entries)
        {
            var value = entry.Value.AsSpan(0, Math.Min(entry.Value.Length, MaxValue));
            name.Append(entry.Key.Length).Append(':').Append(entry.Key).Append(value.Length).Append(':').Append(value);
        }

        return name.ToString();
    }
}
