using Envoy.Config.Route.V3;
using ProxylessMesh.ControlPlane.Resources;
using Code = Envoy.Config.Route.V3.RedirectAction.Types.RedirectResponseCode;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>Where a route sends its callers.</summary>
internal static class RedirectBuilder
{
    /// <param name="redirect">Of the route.</param>
    /// <param name="port">Of the host called: routes are made for each port, so it is known here.</param>
    public static RedirectAction Build(HttpRedirect redirect, int port)
    {
        var action = new RedirectAction
        {
            HostRedirect = redirect.Authority ?? "",
            PortRedirect = (uint)Port(redirect, port),
            ResponseCode = redirect.Code switch
            {
                302 => Code.Found,
                303 => Code.SeeOther,
                307 => Code.TemporaryRedirect,
                308 => Code.PermanentRedirect,
                _ => Code.MovedPermanently,
            },
        };
        if (redirect.Scheme is { } scheme)
        {
            action.SchemeRedirect = scheme;
        }

        if (redirect.Uri is { } uri)
        {
            action.PathRedirect = uri;
        }
        else if (redirect.PrefixRewrite is { } prefix)
        {
            action.PrefixRewrite = prefix;
        }

        return action;
    }

    /// <summary>A port that the scheme implies is left out. Routes without TLS are what clients in the mesh call, hence http.</summary>
    private static int Port(HttpRedirect redirect, int port)
    {
        var number = redirect.Port ?? (redirect.FromRequestPort ? port : 0);
        return (redirect.Scheme ?? "http", number) is ("http", 80) or ("https", 443) ? 0 : number;
    }
}
