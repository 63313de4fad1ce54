using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.HeaderChanges;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Server.RateLimits.Descriptors;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.RateLimits;

namespace ProxylessMesh.Server.RateLimits.Global;

/// <summary>Envoy's ratelimit, compiled.</summary>
internal sealed partial class GlobalRateLimitFilter : IInboundFilter
{
    private const int Million = 1_000_000;

    private readonly GlobalRateLimitConfig _config;
    private readonly DescriptorRule[] _rules;
    private readonly RateLimitClient _client;
    private readonly IRandomSource _random;
    private readonly LogThrottle _failures;
    private readonly ILogger _logger;
    private readonly InboundReply _refusal;
    private readonly InboundReply _unanswered;

    public GlobalRateLimitFilter(GlobalRateLimitConfig config, RateLimitClient client, IRandomSource random, LogThrottle failures, ILogger logger)
    {
        _config = config;
        _rules = [.. config.Rules.Select(r => new DescriptorRule(r))];
        _client = client;
        _random = random;
        _failures = failures;
        _logger = logger;
        _refusal = new InboundReply(config.Status, RefusalStatus.OfGrpc(config.Status, config.AsResourceExhausted), "the rate limit is reached")
        {
            Flags = ResponseFlags.RateLimited,
            Details = "request_rate_limited",
            Headers = config.MarksRefusals ? [new("x-envoy-ratelimited", "true")] : [],
        };
        _unanswered = new InboundReply(config.StatusOnError, RefusalStatus.OfGrpc(config.StatusOnError), "the rate limit service gave no answer")
        {
            Flags = ResponseFlags.RateLimitServiceError,
            Details = "rate_limiter_error",
        };
    }

    public ValueTask<InboundReply?> ApplyAsync(InboundRequest request) =>
        Happens(_config.EnabledPerMillion) && Questions(request) is { } questions ? new ValueTask<InboundReply?>(AskAsync(request, questions)) : default;

    private async Task<InboundReply?> AskAsync(InboundRequest request, List<RateLimitQuestion> questions)
    {
        RateLimitAnswer answer;
        try
        {
            answer = await _client.AskAsync(questions, request.CancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Nobody is left to hear it.
            return _unanswered;
        }
        catch (GrpcException e)
        {
            if (_failures.TryPass(out _))
            {
                Log.NoAnswer(_logger, _config.Service.Host, _config.Service.Port, e.Message, _config.FailsClosed ? "refused" : "let through");
            }

            return _config.FailsClosed ? _unanswered : null;
        }

        var response = request.HttpContext.Response.Headers;
        if (_config.TellsLimits)
        {
            Tell(response, answer);
        }

        HeaderEdits.Apply(response, answer.ResponseHeaders);
        if (answer.IsOver && Happens(_config.EnforcedPerMillion))
        {
            HeaderEdits.Apply(response, _config.ResponseHeaders);
            return _refusal;
        }

        HeaderEdits.Apply(request.HttpContext.Request.Headers, answer.RequestHeaders);
        return null;
    }

    private List<RateLimitQuestion>? Questions(InboundRequest request)
    {
        List<RateLimitQuestion>? questions = null;
        foreach (var rule in _rules)
        {
            var descriptor = DescriptorBuffer.Empty();
            if (!rule.TryDescribe(request, descriptor))
            {
                continue;
            }

            var entries = new KeyValuePair<string, string>[descriptor.Count];
            for (var i = 0; i < entries.Length; i++)
            {
                entries[i] = new(descriptor.KeyOf(i), descriptor.ValueOf(i).ToString());
            }

            (questions ??= []).Add(new RateLimitQuestion(entries, rule.Hits));
        }

        return questions;
    }

    // draft-polli-ratelimit-headers-03: the limit that is nearest first, then the window of each.
    private static void Tell(IHeaderDictionary headers, RateLimitAnswer answer)
    {
        if (answer.Statuses.MinBy(s => s.Remaining) is not { } nearest)
        {
            return;
        }

        var windows = answer.Statuses.Select(s =>
        {
            var name = s.Name.Length == 0 ? "" : $";name=\"{s.Name}\"";
            return string.Create(CultureInfo.InvariantCulture, $"{s.Requests};w={s.Seconds}{name}");
        });
        RateLimitHeaders.Set(headers, string.Create(CultureInfo.InvariantCulture, $"{nearest.Requests}, {string.Join(", ", windows)}"), nearest.Remaining, (long)nearest.Reset.TotalSeconds);
    }

    private bool Happens(int perMillion) => perMillion >= Million || (perMillion > 0 && _random.Next(Million) < perMillion);

    private static partial class Log
    {
        [LoggerMessage(3300, LogLevel.Warning, "The rate limit service {Host}:{Port} gave no answer, so requests are {Outcome}: {Reason}")]
        public static partial void NoAnswer(ILogger logger, string host, int port, string reason, string outcome);
    }
}
