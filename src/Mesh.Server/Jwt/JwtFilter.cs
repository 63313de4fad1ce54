using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Jose;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.Jwt;

/// <summary>Envoy's jwt_authn, compiled.</summary>
internal sealed partial class JwtFilter : IInboundFilter
{
    private readonly JwtProvider[] _providers;
    private readonly JwtProvider[] _fetching;
    private readonly JwtRule[] _rules;
    private readonly bool _bypassPreflight;
    private readonly bool _setsUser;
    private readonly JwtRefusals _refusals;
    private readonly ILogger _logger;

    /// <param name="config">What to verify.</param>
    /// <param name="providers">Those of the configuration, compiled.</param>
    /// <param name="setsUser">Whether HttpContext.User is the mesh's to set.</param>
    /// <param name="logger">Hears of refusals.</param>
    public JwtFilter(JwtFilterConfig config, JwtProvider[] providers, bool setsUser, ILogger logger)
    {
        _providers = providers;
        _fetching = [.. providers.Where(p => p.Config.Remote is not null)];
        _bypassPreflight = config.BypassCorsPreflight;
        _setsUser = setsUser;
        _refusals = new JwtRefusals(config.StripFailureResponse);
        _logger = logger;
        var compiler = new JwtRequirementCompiler(providers);
        _rules = [.. config.Rules.Select(r => new JwtRule(new PathMatcher(r.Path), r.Requirement is { } needed ? compiler.Compile(needed) : null))];
    }

    public ReadOnlySpan<JwtProvider> Providers => _providers;

    public ValueTask<InboundReply?> ApplyAsync(InboundRequest request)
    {
        foreach (var provider in _providers)
        {
            provider.Sanitize(request);
        }

        if (_bypassPreflight && IsPreflight(request.HttpContext.Request))
        {
            return default;
        }

        return FirstKeys(request) is { } keys ? JudgeAfterAsync(keys, request) : new ValueTask<InboundReply?>(Judge(request));
    }

    private async ValueTask<InboundReply?> JudgeAfterAsync(Task keys, InboundRequest request)
    {
        // Its end is bounded by the timeout of the fetch; a client that leaves meanwhile is refused like one without keys.
        await keys.WaitAsync(request.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Judge(request);
    }

    /// <summary>The first fetches that this request has to wait for; null: none.</summary>
    private Task? FirstKeys(InboundRequest request)
    {
        List<Task>? waiting = null;
        foreach (var provider in _fetching)
        {
            if (provider.FirstKeys is { } first && provider.HasToken(request.HttpContext.Request))
            {
                (waiting ??= []).Add(first);
            }
        }

        return waiting is null ? null : Task.WhenAll(waiting);
    }

    private InboundReply? Judge(InboundRequest request)
    {
        foreach (var rule in _rules)
        {
            if (!rule.Path.Matches(request.Path))
            {
                continue;
            }

            var failure = rule.Requirement?.Check(request) ?? JwtFailure.None;
            if (failure != JwtFailure.None)
            {
                Log.Refused(_logger, JwtFailureText.Of(failure));
                return _refusals.Of(failure, request);
            }

            break;
        }

        if (_setsUser && request.Jwt is { } token)
        {
            request.HttpContext.Features.Set<IHttpAuthenticationFeature>(new TokenAuthenticationFeature(request.Peer, token));
        }

        return null;
    }

    // Fetch standard, "CORS-preflight fetch".
    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method)
        && request.Headers.ContainsKey(HeaderNames.Origin)
        && request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod);

    private static partial class Log
    {
        [LoggerMessage(3250, LogLevel.Debug, "A request was refused: {Reason}.")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
