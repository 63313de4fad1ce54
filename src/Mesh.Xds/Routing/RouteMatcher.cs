using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Xds.Routing;

/// <summary>A compiled <see cref="RouteMatchConfig"/>: every part must hold.</summary>
internal sealed class RouteMatcher
{
    private const int Million = 1_000_000;

    private readonly PathMatcher _path;
    private readonly HeaderMatcher[] _headers;
    private readonly QueryMatcher[] _query;
    private readonly int _perMillion;
    private readonly bool _onlyGrpc;
    private readonly IRandomSource _random;

    public RouteMatcher(RouteMatchConfig config, IRandomSource random)
    {
        _path = new PathMatcher(config.Path);
        _headers = new HeaderMatcher[config.Headers.Count];
        for (var i = 0; i < _headers.Length; i++)
        {
            _headers[i] = new HeaderMatcher(config.Headers[i]);
        }

        _query = new QueryMatcher[config.Query.Count];
        for (var i = 0; i < _query.Length; i++)
        {
            _query[i] = new QueryMatcher(config.Query[i]);
        }

        _perMillion = config.RuntimeFractionPerMillion ?? Million;
        _onlyGrpc = config.OnlyGrpc;
        _random = random;
    }

    public bool LooksOnlyAtPath => _headers.Length == 0 && _query.Length == 0 && _perMillion >= Million && !_onlyGrpc;

    public bool Matches<TView>(in TView request)
        where TView : struct, IRequestView, allows ref struct
    {
        if (!_path.Matches(request.Path))
        {
            return false;
        }

        if (_onlyGrpc && !IsGrpc(in request))
        {
            return false;
        }

        foreach (var header in _headers)
        {
            if (!header.Matches(in request))
            {
                return false;
            }
        }

        foreach (var parameter in _query)
        {
            if (!parameter.Matches(request.Query))
            {
                return false;
            }
        }

        // "Less than", so that 0 never matches and a million always does.
        return _perMillion >= Million || _random.Next(Million) < _perMillion;
    }

    /// <summary>application/grpc, with or without the name of an encoding (gRPC over HTTP/2, Content-Type).</summary>
    public static bool IsGrpc<TView>(in TView request)
        where TView : struct, IRequestView, allows ref struct
    {
        const string Type = "application/grpc";
        return request.TryGetHeader("content-type", out var type)
            && type.StartsWith(Type, StringComparison.OrdinalIgnoreCase)
            && (type.Length == Type.Length || type[Type.Length] is '+' or ';');
    }
}
