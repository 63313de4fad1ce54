using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;

namespace ProxylessMesh.ControlPlane.Translation.Authorization;

/// <summary>
/// hosts: without regard to case (Istio). A host without a port stands for every port that a client may write behind it:
/// <c>example.com</c> and <c>example.com:8080</c> reach the same server.
/// </summary>
internal static class HostMatchers
{
    public static IEnumerable<HeaderMatcher> Of(string host, ProxyProfile profile)
    {
        if (host == "*")
        {
            return [new HeaderMatcher { Name = ":authority", PresentMatch = true }];
        }

        var text = ValueMatchers.Text(host);
        text.IgnoreCase = true;
        var hasPort = host.LastIndexOf(':') > host.LastIndexOf(']');
        return ((IEnumerable<StringMatcher>)((hasPort, host) switch
        {
            (true, _) or (_, [.., '*']) => [text],
            (_, ['*', ..]) => [text, ValueMatchers.Pattern($"(?i).*{ValueMatchers.Quote(host[1..])}:[0-9]*")],
            _ => [text, new StringMatcher { Prefix = host + ":", IgnoreCase = true }],
        })).Select(t => ValueMatchers.Header(":authority", t, profile));
    }

}
