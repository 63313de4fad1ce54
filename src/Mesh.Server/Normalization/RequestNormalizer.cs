using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.Normalization;

/// <summary>
/// Gives the decision and the app one and the same path, host and method. The path of the decision is the app's own,
/// escaped again in one way: whatever the server has unescaped, two spellings that the app cannot tell apart are one.
/// </summary>
internal sealed class RequestNormalizer(PathNormalizationConfig paths, HostPortStripping hostPort, bool stripHostDot)
{
    private static readonly InboundReply Fragment = new(400, GrpcStatusCode.Internal, "The request target must not have a fragment");
    private static readonly InboundReply NulCharacter = new(400, GrpcStatusCode.Internal, "The path must not have a NUL character");
    private static readonly InboundReply EscapedSlash = new(400, GrpcStatusCode.Internal, "The path must not have escaped slashes");

    /// <summary>Changes the request. A reply: it must be refused.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">To decide about.</param>
    public InboundReply? Apply(HttpContext context, out string path)
    {
        var feature = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        NormalizeMethod(context.Request);
        HostNormalizer.Apply(context.Request, hostPort, stripHostDot);
        return Path(context, feature, out path);
    }

    private InboundReply? Path(HttpContext context, IHttpRequestFeature feature, out string path)
    {
        var request = context.Request;
        var target = feature.RawTarget;
        path = "/";

        // Kestrel would pass it on as a part of the path. Envoy (CVE-2021-39156) and RFC 9112, section 3.2: there is none in a target.
        if (target.Contains('#', StringComparison.Ordinal))
        {
            return Fragment;
        }

        var question = target.IndexOf('?', StringComparison.Ordinal);
        var escaped = question < 0 ? target.AsSpan() : target.AsSpan(0, question);
        if (IsPlain(escaped))
        {
            path = Whole(request).Value ?? "/";
            return null;
        }

        // The absolute form (RFC 9112, section 3.2.2) has been taken apart by the server; "OPTIONS *" and CONNECT have no path.
        var isOrigin = escaped.StartsWith("/");
        var given = isOrigin ? escaped.ToString() : Whole(request).ToUriComponent();
        if (given.Length == 0)
        {
            return null;
        }

        // Kestrel refuses it in the origin form, and takes it in the absolute one.
        if (given.Contains("%00", StringComparison.Ordinal))
        {
            return NulCharacter;
        }

        if (PathNormalizer.Apply(given, paths) is not { } normal)
        {
            return EscapedSlash;
        }

        if (!isOrigin || normal != given)
        {
            Show(context, feature, normal);
        }

        path = Whole(request).ToUriComponent();
        return null;
    }

    private bool IsPlain(ReadOnlySpan<char> escaped) =>
        escaped.StartsWith("/")
        && CanonicalPath.IsPlain(escaped)
        && escaped.IndexOf("/.") < 0
        && !(paths.MergeSlashes && escaped.IndexOf("//") >= 0);

    private static PathString Whole(HttpRequest request) => request.PathBase.HasValue ? request.PathBase.Add(request.Path) : request.Path;

    private static void Show(HttpContext context, IHttpRequestFeature feature, string normal)
    {
        var request = context.Request;
        feature.RawTarget = normal + request.QueryString.Value;
        var whole = new PathString(PathNormalizer.RemoveDotSegments(PathString.FromUriComponent(normal).Value!));
        if (whole.StartsWithSegments(request.PathBase, StringComparison.Ordinal, out var rest))
        {
            request.Path = rest;
        }
        else
        {
            request.PathBase = default;
            request.Path = whole;
        }

        // Chosen by the path as it was, in an app that places the mesh behind its routing: it must not be called with another.
        if (context.GetEndpoint() is not null)
        {
            context.SetEndpoint(null);
            request.RouteValues.Clear();
        }
    }

    /// <summary>ASP.NET's routing does not look at the case of methods (RFC 9110, section 9.1, does): then rules cannot either.</summary>
    private static void NormalizeMethod(HttpRequest request)
    {
        if (request.Method.AsSpan().ContainsAnyInRange('a', 'z'))
        {
            request.Method = request.Method.ToUpperInvariant();
        }
    }
}
