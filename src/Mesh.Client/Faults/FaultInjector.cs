using ProxylessMesh.Client.Routing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.Faults;

/// <summary>One compiled fault filter of a route: decides for a request which faults it meets.</summary>
internal sealed class FaultInjector
{
    private static readonly int LongestDelay = (int)TimeSpan.FromHours(24).TotalMilliseconds;

    private readonly FaultConfig _config;
    private readonly HeaderMatcher[] _headers;

    private FaultInjector(FaultConfig config)
    {
        _config = config;
        _headers = new HeaderMatcher[config.Headers.Count];
        for (var i = 0; i < _headers.Length; i++)
        {
            _headers[i] = new HeaderMatcher(config.Headers[i]);
        }
    }

    public uint? MaxActive => _config.MaxActive;

    /// <summary>Null when no request could ever meet a fault: then nothing stands on its path.</summary>
    public static FaultInjector? Compile(FaultConfig? config)
    {
        if (config is null or { MaxActive: 0 })
        {
            return null;
        }

        var delays = config.Delay is { Share.Numerator: > 0 };
        var aborts = config.Abort is { Share.Numerator: > 0 };
        return delays || aborts ? new FaultInjector(config) : null;
    }

    /// <param name="request">The call.</param>
    /// <param name="authority">Of the call.</param>
    /// <param name="route">Where it goes.</param>
    public bool AppliesTo(HttpRequestMessage request, string authority, RouteModel route)
    {
        if (_config.Cluster.Length > 0 && !(route.Clusters?.IsOnly(_config.Cluster) ?? false))
        {
            return false;
        }

        var view = new HttpRequestView(request, authority);
        foreach (var header in _headers)
        {
            if (!header.Matches(in view))
            {
                return false;
            }
        }

        return _config.Nodes.Count == 0
            || (view.TryGetHeader(FaultHeaders.Node, out var node) && _config.Nodes.AsSpan().Contains(node));
    }

    /// <summary>How long the request waits; zero: not at all.</summary>
    public TimeSpan Delay(HttpRequestMessage request, IRandomSource random)
    {
        if (_config.Delay is not { } delay)
        {
            return TimeSpan.Zero;
        }

        if (delay.Fixed is { } duration)
        {
            return Hits(delay.Share, null, random) ? duration : TimeSpan.Zero;
        }

        return FaultHeaders.Number(request, FaultHeaders.Delay, 1, LongestDelay) is { } milliseconds
            && Hits(delay.Share, FaultHeaders.Number(request, FaultHeaders.DelayShare, 0, int.MaxValue), random)
                ? TimeSpan.FromMilliseconds(milliseconds)
                : TimeSpan.Zero;
    }

    /// <summary>The error that the request meets, or null.</summary>
    public FaultAbort? Abort(HttpRequestMessage request, IRandomSource random)
    {
        if (_config.Abort is not { } abort)
        {
            return null;
        }

        if (abort.HttpStatus is not null || abort.GrpcStatus is not null)
        {
            return Hits(abort.Share, null, random) ? new FaultAbort(abort.HttpStatus, abort.GrpcStatus) : null;
        }

        // The HTTP status beats the gRPC one.
        var asked = FaultHeaders.Number(request, FaultHeaders.AbortHttp, 200, 599) is { } http ? new FaultAbort(http, null)
            : FaultHeaders.Number(request, FaultHeaders.AbortGrpc, 0, 16) is { } grpc ? new FaultAbort(null, grpc)
            : default(FaultAbort?);
        return asked is not null && Hits(abort.Share, FaultHeaders.Number(request, FaultHeaders.AbortShare, 0, int.MaxValue), random) ? asked : null;
    }

    /// <summary>A header replaces the numerator only, and never raises it.</summary>
    private static bool Hits(FractionConfig share, int? asked, IRandomSource random)
    {
        var numerator = asked is { } lower && (uint)lower < share.Numerator ? (uint)lower : share.Numerator;
        return numerator >= share.Denominator || (numerator > 0 && random.Next(share.Denominator) < numerator);
    }
}
