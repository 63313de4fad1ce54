using Envoy.Config.Route.V3;
using ProxylessMesh.Xds.Config;
using Code = Envoy.Config.Route.V3.RedirectAction.Types.RedirectResponseCode;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>RedirectAction.</summary>
internal static class RedirectDecoder
{
    public static RouteActionConfig? Decode(RedirectAction redirect, DecodeContext context)
    {
        var status = redirect.ResponseCode switch
        {
            Code.MovedPermanently => 301,
            Code.Found => 302,
            Code.SeeOther => 303,
            Code.TemporaryRedirect => 307,
            Code.PermanentRedirect => 308,
            _ => 0,
        };
        if (status == 0)
        {
            context.Error("response_code", "is not known");
            return null;
        }

        var scheme = Scheme(redirect, context);
        var host = redirect.HostRedirect.Length > 0 ? RewriteDecoder.Host(redirect.HostRedirect, "host_redirect", context) : null;
        if (redirect.PortRedirect > ushort.MaxValue)
        {
            context.Error("port_redirect", "must be at most 65535");
        }

        var path = redirect.PathRedirect.Length > 0 && RewriteDecoder.IsPath(redirect.PathRedirect, "path_redirect", context)
            ? redirect.PathRedirect
            : null;
        var rewrite = RewriteDecoder.Path(redirect.PrefixRewrite, redirect.RegexRewrite, context);
        return new RedirectActionConfig(
            status, scheme, host, redirect.PortRedirect > 0 ? (int)redirect.PortRedirect : null, path, rewrite, redirect.StripQuery);
    }

    private static string? Scheme(RedirectAction redirect, DecodeContext context)
    {
        if (redirect.HttpsRedirect)
        {
            return Uri.UriSchemeHttps;
        }

        if (redirect.SchemeRedirect.Length == 0)
        {
            return null;
        }

        if (Uri.CheckSchemeName(redirect.SchemeRedirect))
        {
            return redirect.SchemeRedirect.ToLowerInvariant();
        }

        context.Error("scheme_redirect", $"{DecodeContext.Quote(redirect.SchemeRedirect)} is no scheme");
        return null;
    }
}
