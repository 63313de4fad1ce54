using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Jwt.Remote;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Jwt;

/// <summary>Compiles JWT filters. A provider that an update leaves as it was keeps the tokens that it has verified.</summary>
internal sealed partial class JwtFilterFactory(
    IInboundMesh mesh, AppAuthentication app, RemoteKeySets remotes, ILogger<JwtFilterFactory> logger) : IInboundFilterFactory
{
    // One per port and kind of connection.
    private readonly ConcurrentDictionary<InboundFilterScope, JwtFilter> _last = new();

    public bool TryCreate(HttpFilterConfig config, InboundFilterScope scope, out IInboundFilter? filter)
    {
        filter = null;
        if (config is not JwtFilterConfig jwt)
        {
            return false;
        }

        if (jwt.Providers.Count == 0)
        {
            _last.TryRemove(scope, out _);
            ForgetUnused();
            return true;
        }

        _last.TryGetValue(scope, out var last);
        var compiled = new JwtFilter(jwt, [.. jwt.Providers.Select(p => Kept(last, p) ?? Compile(p))], !app.HasOwn, logger);
        _last[scope] = compiled;
        ForgetUnused();
        filter = compiled;
        return true;
    }

    private static JwtProvider? Kept(JwtFilter? last, JwtProviderConfig config)
    {
        foreach (var provider in last is null ? default : last.Providers)
        {
            if (provider.Config == config)
            {
                return provider;
            }
        }

        return null;
    }

    private void ForgetUnused()
    {
        var used = new HashSet<RemoteKeySetConfig>();
        foreach (var filter in _last.Values)
        {
            foreach (var provider in filter.Providers)
            {
                if (provider.Config.Remote is { } remote)
                {
                    used.Add(remote);
                }
            }
        }

        remotes.Keep(used);
    }

    private JwtProvider Compile(JwtProviderConfig config)
    {
        var provider = new JwtProvider(config, mesh.Time, config.Remote is { } remote ? remotes.Find(remote) : null);
        if (config.Remote is null && provider.Keys.Keys.Count == 0)
        {
            Log.NoKeys(logger, config.Issuer, provider.Keys.Ignored.Count == 0 ? "the control plane has none yet" : provider.Keys.Ignored[0]);
        }

        return provider;
    }

    private static partial class Log
    {
        [LoggerMessage(3251, LogLevel.Warning, "Tokens of {Issuer} cannot be verified, so requests with one are refused: {Reason}.")]
        public static partial void NoKeys(ILogger logger, string issuer, string reason);
    }
}
