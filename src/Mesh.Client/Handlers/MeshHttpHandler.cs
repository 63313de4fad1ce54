using System.Net;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Cors;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Propagation;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Client.ServiceDiscovery;
using ProxylessMesh.Client.Services;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.Handlers;

/// <summary>
/// The outbound data plane under an HttpClient. Read <see cref="SendAsync"/> as the list of what happens to a call; each
/// step is a class of its own. It owns no connections: those belong to the mesh and outlive any handler.
/// </summary>
/// <param name="calls">Of the process.</param>
/// <param name="passThrough">For what the mesh does not know; goes with the handler.</param>
/// <param name="routes">Null: those of each call's authority. A gateway's are those of the connection on which a request came in.</param>
internal sealed class MeshHttpHandler(OutboundCalls calls, HttpMessageHandler passThrough, string? routes = null) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _passThrough = new(passThrough);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // 1. The service of the authority. TLS that the app speaks itself is opaque to the mesh, as to a sidecar.
        if (calls.Services is not { } services
            || request.RequestUri is not { IsAbsoluteUri: true } uri
            || !(ReferenceEquals(uri.Scheme, Uri.UriSchemeHttp) || ReferenceEquals(uri.Scheme, Uri.UriSchemeWs))
            || services.Find(routes is null ? new AuthorityKey(uri.Host, uri.Port) : AuthorityKey.OfListener(routes)) is not { } service)
        {
            return LogicalUri.From(request.RequestUri) is { } logical
                ? SendLogicalAsync(request, logical, cancellationToken)
                : _passThrough.SendAsync(request, cancellationToken);
        }

        return service.Model is { } model
            ? RouteAsync(request, service, model, cancellationToken)
            : SendWhenKnownAsync(request, service, cancellationToken);
    }

    /// <summary>Blocks a thread for the whole call, as any synchronous call over the network does; prefer the asynchronous ones.</summary>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken).GetAwaiter().GetResult();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _passThrough.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Once more, with the URI that the mesh and its connections understand; the caller finds its own afterwards.</summary>
    private async Task<HttpResponseMessage> SendLogicalAsync(HttpRequestMessage request, LogicalUri logical, CancellationToken cancellationToken)
    {
        var original = request.RequestUri;
        request.RequestUri = logical;
        try
        {
            return await SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.RequestUri = original;
        }
    }

    private Task<HttpResponseMessage> RouteAsync(
        HttpRequestMessage request, OutboundService service, ServiceModel model, CancellationToken cancellationToken)
    {
        if (model.PassThrough)
        {
            return _passThrough.SendAsync(request, cancellationToken);
        }

        // 2. What the request being served carries on. Only within the mesh: strangers must not learn a user's headers.
        HeaderPropagator.Apply(request);

        // 3. The route: the first that matches.
        if (model.Routes is not { } table)
        {
            return Reply(request, HttpStatusCode.ServiceUnavailable, ResponseFlags.InvalidConfiguration, null, $"the configuration of {service.Authority} is not usable: {model.Error}");
        }

        var view = new HttpRequestView(request, service.HostHeader);
        if (table.Match(in view) is not { } route)
        {
            return Reply(request, HttpStatusCode.NotFound, ResponseFlags.NoRouteFound, null, $"no route of {service.Authority} matches {request.Method} {request.RequestUri!.AbsolutePath}");
        }

        // 4. Faults.
        return route.Faults is null
            ? FollowAsync(request, route, cancellationToken)
            : FollowWithFaultsAsync(request, service.HostHeader, route, cancellationToken);
    }

    private async Task<HttpResponseMessage> FollowWithFaultsAsync(
        HttpRequestMessage request, string authority, RouteModel route, CancellationToken cancellationToken)
    {
        var started = calls.Context.Telemetry.Now;
        var fault = await route.Faults!.InjectAsync(request, authority, route, calls.Context, cancellationToken).ConfigureAwait(false);
        if (fault.Reply is { } reply)
        {
            calls.Context.Telemetry.Answered(request, reply, started);
            return reply;
        }

        var response = await FollowAsync(request, fault.Route, cancellationToken).ConfigureAwait(false);
        if (fault.Delayed && response.Content is IOutcomeCarrier carrier)
        {
            carrier.AddFlags(ResponseFlags.DelayInjected);
        }

        return response;
    }

    /// <summary>5. Cross-origin requests, for the few routes with a policy: behind faults, as in Istio's filter chain.</summary>
    private Task<HttpResponseMessage> FollowAsync(HttpRequestMessage request, RouteModel route, CancellationToken cancellationToken) =>
        route.Cors?.OriginOf(request, calls.Context.Random) is { } origin
            ? FollowCrossOriginAsync(request, route, route.Cors, origin, cancellationToken)
            : FollowRouteAsync(request, route, cancellationToken);

    private async Task<HttpResponseMessage> FollowCrossOriginAsync(
        HttpRequestMessage request, RouteModel route, CorsPolicy cors, string origin, CancellationToken cancellationToken)
    {
        if (cors.Preflight(request, origin, route.Name) is { } preflight)
        {
            return preflight;
        }

        var response = await FollowRouteAsync(request, route, cancellationToken).ConfigureAwait(false);
        cors.Apply(response, origin);
        return response;
    }

    private Task<HttpResponseMessage> FollowRouteAsync(HttpRequestMessage request, RouteModel route, CancellationToken cancellationToken)
    {
        // 6. Routes that answer by themselves.
        if (route.Clusters is null)
        {
            return Answer(request, RouteReply.Create(request, route));
        }

        // 7. Rewrites, header changes, mirrors; deadline, attempts, lease.
        return route.Edits is { } edits
            ? EditedCall.SendAsync(request, route, edits, _passThrough, calls.Context, cancellationToken)
            : MeshCall.SendAsync(request, route, _passThrough, calls.Context, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendWhenKnownAsync(HttpRequestMessage request, OutboundService service, CancellationToken cancellationToken)
    {
        if (!service.GaveUpWaiting)
        {
            try
            {
                await service.FirstModel.WaitAsync(calls.ConfigurationTimeout, calls.Context.Time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                service.GaveUpWaiting = true;
                calls.NothingKnown(service.Authority);
            }
        }

        if (service.Model is { } model)
        {
            return await RouteAsync(request, service, model, cancellationToken).ConfigureAwait(false);
        }

        return calls.Required
            ? await Reply(request, HttpStatusCode.ServiceUnavailable, ResponseFlags.InvalidConfiguration, null, $"the control plane has not said yet what {service.Authority} is").ConfigureAwait(false)
            : await _passThrough.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private Task<HttpResponseMessage> Reply(
        HttpRequestMessage request, HttpStatusCode status, ResponseFlags flags, RouteModel? route, string reason) =>
        Answer(request, LocalReply.Create(request, status, new MeshOutcome(flags, route?.Name, null, null, 0, reason)));

    private Task<HttpResponseMessage> Answer(HttpRequestMessage request, HttpResponseMessage response)
    {
        calls.Context.Telemetry.Answered(request, response);
        return Task.FromResult(response);
    }
}
