using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>An extension provider that decides about requests: envoyExtAuthzHttp or envoyExtAuthzGrpc.</summary>
/// <param name="Name">By which CUSTOM policies name it.</param>
/// <param name="Host">Without the namespace that may stand before it.</param>
/// <param name="Port">Of the service.</param>
internal sealed record AuthorizationProvider(string Name, string Host, int Port)
{
    /// <summary>Null: it speaks gRPC.</summary>
    public HttpAuthorizationProvider? Http { get; init; }

    /// <summary>Istio's default is ten minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    public bool FailsOpen { get; init; }

    /// <summary>Of requests that are refused for want of an answer.</summary>
    public int StatusOnError { get; init; } = 403;

    /// <summary>Null: the service does not see bodies.</summary>
    public CheckedBodyConfig? Body { get; init; }

    public bool ClearsRouteCache { get; init; }
}
