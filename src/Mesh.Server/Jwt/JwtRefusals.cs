using System.Text;
using Microsoft.Net.Http.Headers;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Server.Jwt;

/// <summary>Answers as Envoy's: 401 with a challenge (RFC 6750, section 3), 403 for a token that is meant for somebody else.</summary>
/// <param name="silent">Whether they give no reason (strip_failure_response).</param>
internal sealed class JwtRefusals(bool silent)
{
    private const int MaxRealm = 256;

    public InboundReply Of(JwtFailure failure, InboundRequest request)
    {
        var reason = JwtFailureText.Of(failure);
        var forbidden = failure == JwtFailure.WrongAudience;
        return new InboundReply(forbidden ? 403 : 401, forbidden ? GrpcStatusCode.PermissionDenied : GrpcStatusCode.Unauthenticated, silent ? "" : reason)
        {
            Details = $"jwt_authn_access_denied{{{reason.Replace(' ', '_')}}}",
            Headers = silent || forbidden ? [] : [new(HeaderNames.WWWAuthenticate, Challenge(failure, request))],
        };
    }

    // Without the query string: it can hold the token.
    private static string Challenge(JwtFailure failure, InboundRequest request)
    {
        var realm = new StringBuilder("Bearer realm=\"");
        Append(realm, request.HttpContext.Request.Scheme);
        realm.Append("://");
        Append(realm, request.Authority);
        Append(realm, request.Path);
        realm.Append('"');
        return failure == JwtFailure.Missing ? realm.ToString() : realm.Append(", error=\"invalid_token\"").ToString();
    }

    private static void Append(StringBuilder realm, ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (realm.Length == MaxRealm)
            {
                return;
            }

            if (c is > ' ' and < '\u007F' and not ('"' or '\\'))
            {
                realm.Append(c);
            }
        }
    }
}
