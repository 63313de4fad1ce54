using Envoy.Extensions.Filters.Http.StatefulSession.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Http.StatefulSession.Cookie.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;
using Override = Envoy.Extensions.Filters.Http.StatefulSession.V3.StatefulSessionPerRoute.OverrideOneofCase;

namespace ProxylessMesh.Xds.Resources.Sessions;

/// <summary>The stateful session filter and its override; sessions in cookies only (gRFC A55).</summary>
internal static class SessionDecoder
{
    private const string Field = "typed_config";

    public static SessionFilterConfig Decode(HttpFilter filter, DecodeContext context)
    {
        var session = TypedConfig.Unpack(filter.TypedConfig, TypeNames.StatefulSession, StatefulSession.Parser, Field, context);
        using (context.Enter(Field))
        {
            var config = session is null ? null : Read(session, context);
            return new SessionFilterConfig(filter.Name, filter.Disabled ? null : config);
        }
    }

    public static HttpFilterConfig? DecodeOverride(string name, Any config, DecodeContext context)
    {
        if (TypedConfig.Unpack(config, TypeNames.StatefulSessionPerRoute, StatefulSessionPerRoute.Parser, name, context) is not { } route)
        {
            return null;
        }

        using (context.Enter(name))
        {
            switch (route.OverrideCase)
            {
                case Override.Disabled when route.Disabled:
                    return new SessionFilterConfig(name, null);
                case Override.StatefulSession:
                    using (context.Enter("stateful_session"))
                    {
                        return new SessionFilterConfig(name, Read(route.StatefulSession, context));
                    }

                default:
                    context.Error("override", "must be disabled: true or stateful_session");
                    return null;
            }
        }
    }

    /// <summary>Without a state there are no sessions, which is how a chain holds the filter for routes to switch on.</summary>
    private static SessionConfig? Read(StatefulSession session, DecodeContext context)
    {
        if (session.SessionState is not { } state)
        {
            return null;
        }

        using (context.Enter("session_state"))
        {
            var cookies = TypedConfig.Unpack(state.TypedConfig, TypeNames.CookieBasedSessionState, CookieBasedSessionState.Parser, Field, context);
            using (context.Enter(Field))
            using (context.Enter("cookie"))
            {
                return cookies is null ? null : Read(cookies.Cookie, session.Strict, context);
            }
        }
    }

    private static SessionConfig? Read(Envoy.Type.Http.V3.Cookie? cookie, bool strict, DecodeContext context)
    {
        var ttl = DurationReader.NotNegative(cookie?.Ttl, "ttl", context) ?? TimeSpan.Zero;
        if (cookie is null || !MessageRules.IsToken(cookie.Name))
        {
            context.Error("name", "must be the name of a cookie");
            return null;
        }

        if (cookie.Path.Length > 0 && (cookie.Path[0] != '/' || !MessageRules.IsHeaderValue(cookie.Path) || cookie.Path.Contains(';', StringComparison.Ordinal)))
        {
            context.Error("path", "must begin with / and fit into a cookie");
            return null;
        }

        return new SessionConfig(cookie.Name, cookie.Path.Length == 0 ? "/" : cookie.Path, ttl, strict);
    }
}
