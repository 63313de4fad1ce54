using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Propagation;
using ProxylessMesh.Server.Authorization.Conditions;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.HeaderChanges;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Server.RateLimits;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.ExternalAuthorization;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.ExternalAuthorization;

/// <summary>Envoy's ext_authz, compiled. Without a verdict a request is refused, unless the policy says otherwise.</summary>
internal sealed partial class ExternalAuthorizationFilter : IInboundFilter
{
    private readonly ExternalAuthorizationConfig _config;
    private readonly IAuthorizer _authorizer;
    private readonly IInboundMesh _mesh;
    private readonly Condition? _when;
    private readonly HeaderFilter _headers;
    private readonly LogThrottle _failures;
    private readonly ILogger _logger;
    private readonly InboundReply _unanswered;

    // Envoy's words for a body beyond the limit.
    private static readonly InboundReply TooLarge = Refusal(413, "the body is too large to be authorized");

    public ExternalAuthorizationFilter(ExternalAuthorizationConfig config, IAuthorizer authorizer, IInboundMesh mesh, LogThrottle failures, ILogger logger)
    {
        _config = config;
        _authorizer = authorizer;
        _mesh = mesh;
        _when = config.When is null ? null : Condition.Compile(config.When);
        _headers = new HeaderFilter(config);
        _failures = failures;
        _logger = logger;
        _unanswered = Refusal(config.StatusOnError, "the request could not be authorized");
    }

    public ValueTask<InboundReply?> ApplyAsync(InboundRequest request) =>
        _when?.Matches(request) == false ? default : new ValueTask<InboundReply?>(CheckAsync(request));

    private async Task<InboundReply?> CheckAsync(InboundRequest request)
    {
        AuthorizationVerdict verdict;
        try
        {
            CheckedBody? body = null;
            if (_config.Body is { } limits)
            {
                body = await CheckedBody.ReadAsync(request.HttpContext.Request, limits.MaxBytes, request.CancellationToken).ConfigureAwait(false);
                if (body.IsCut && !limits.AllowPartial)
                {
                    return TooLarge;
                }
            }

            verdict = await _authorizer.AskAsync(Describe(request, body), request.CancellationToken).ConfigureAwait(false);
        }
        catch (AuthorizerException e)
        {
            return Unanswered(request, e.Message);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or BadHttpRequestException)
        {
            // The client is gone, or what it sent cannot be read.
            return _unanswered;
        }

        if (!verdict.IsAllowed)
        {
            return Refuse(verdict);
        }

        HeaderEdits.Apply(request.HttpContext.Request.Headers, verdict.RequestHeaders);
        HeaderEdits.Apply(request.HttpContext.Response.Headers, verdict.ResponseHeaders);
        return null;
    }

    private InboundReply? Unanswered(InboundRequest request, string reason)
    {
        if (_failures.TryPass(out _))
        {
            Log.NoVerdict(_logger, _config.Grpc?.Host ?? _config.Http!.Host, _config.FailsOpen ? "let through" : "refused", reason);
        }

        if (_config.FailsOpen && _config.MarksFailOpen)
        {
            request.HttpContext.Request.Headers["x-envoy-auth-failure-mode-allowed"] = "true";
        }

        return _config.FailsOpen ? null : _unanswered;
    }

    private AuthorizationInquiry Describe(InboundRequest request, CheckedBody? body)
    {
        var http = request.HttpContext.Request;
        var connection = request.HttpContext.Connection;
        var headers = _headers.Shown(http.Headers);
        if (body is not null)
        {
            headers.Add(new("x-envoy-auth-partial-body", body.IsCut ? "true" : "false"));
        }

        return new AuthorizationInquiry(request.Method, request.Path + http.QueryString.Value, request.Authority, http.Scheme, http.Protocol)
        {
            Headers = headers,
            Time = _mesh.Time.GetUtcNow(),
            RequestId = http.Headers[PropagationHeaderNames.RequestId].ToString(),
            Size = http.ContentLength ?? -1,
            Source = EndPoint(connection.RemoteIpAddress, connection.RemotePort),
            Destination = EndPoint(connection.LocalIpAddress, connection.LocalPort),
            SourcePrincipal = request.Peer?.Name ?? "",
            DestinationPrincipal = _mesh.Identity?.Current?.Certificate.Id.ToString() ?? "",
            Body = body?.Bytes,
            ContextExtensions = _config.ContextExtensions.Entries,
            ServerName = _config.TellsServerName ? request.ServerName : null,
        };
    }

    private static IPEndPoint? EndPoint(IPAddress? address, int port) => address is null ? null : new IPEndPoint(address, port);

    private static InboundReply Refuse(AuthorizationVerdict verdict)
    {
        var headers = verdict.ResponseHeaders.Where(h => h.Kind != HeaderMutationKind.SetIfPresent && (verdict.Body.Length > 0 || h.Name != "content-type")).Select(h => new KeyValuePair<string, string>(h.Name, h.Value)).ToArray();
        return new InboundReply(verdict.Status, RefusalStatus.OfGrpc(verdict.Status), "the request is not authorized")
        {
            Flags = ResponseFlags.UnauthorizedExternalService,
            Details = "ext_authz_denied",
            Headers = headers,
            Body = verdict.Body.Length > 0 ? verdict.Body : null,
        };
    }

    private static InboundReply Refusal(int status, string sentence) => new(status, RefusalStatus.OfGrpc(status), sentence)
    {
        Flags = ResponseFlags.UnauthorizedExternalService,
        Details = "ext_authz_error",
    };

    private static partial class Log
    {
        [LoggerMessage(3310, LogLevel.Warning, "The authorization service {Host} gave no verdict, so requests are {Outcome}: {Reason}")]
        public static partial void NoVerdict(ILogger logger, string host, string outcome, string reason);
    }
}
