using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Server.Authorization;

/// <summary>
/// What a caller gets that an ASP.NET policy refuses. ASP.NET lets an authentication scheme answer, and throws where there is
/// none (500): in an app that only knows mesh identities there is none, and nothing that a caller could log in with.
/// </summary>
internal sealed class RefusedCallerHandler(AppAuthentication app) : IAuthorizationMiddlewareResultHandler
{
    private static readonly InboundReply Denied = new(403, GrpcStatusCode.PermissionDenied, "Access denied") { Details = "aspnet_policy_denied" };

    private readonly AuthorizationMiddlewareResultHandler _ordinary = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Succeeded || app.HasOwn || policy.AuthenticationSchemes.Count > 0
            ? _ordinary.HandleAsync(next, context, policy, authorizeResult)
            : InboundReplyWriter.WriteAsync(context, Denied);
}
