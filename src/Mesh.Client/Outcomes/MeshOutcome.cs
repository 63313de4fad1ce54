namespace ProxylessMesh.Client.Outcomes;

/// <summary>What the mesh did with a call. Read it with <see cref="HttpResponseMessageMeshExtensions.GetMeshOutcome"/>.</summary>
public sealed class MeshOutcome
{
    internal MeshOutcome(ResponseFlags flags, string? route, string? cluster, string? endpoint, int attempts, string? reason)
    {
        Flags = flags;
        Route = route;
        Cluster = cluster;
        Endpoint = endpoint;
        Attempts = attempts;
        Reason = reason;
    }

    internal MeshOutcome With(ResponseFlags flags) => new(Flags | flags, Route, Cluster, Endpoint, Attempts, Reason);

    /// <summary>Why the response is what it is; None when the upstream answered.</summary>
    public ResponseFlags Flags { get; }

    /// <summary>Name of the route that matched, or null.</summary>
    public string? Route { get; }

    /// <summary>The cluster, as in <c>outbound|9080|v1|reviews.default.svc.cluster.local</c>, or null when none was chosen.</summary>
    public string? Cluster { get; }

    /// <summary>Address of the last endpoint tried, as in <c>127.0.0.1:9080</c>, or null.</summary>
    public string? Endpoint { get; }

    /// <summary>How often the call was sent: 1 without retries, 0 when it never got that far.</summary>
    public int Attempts { get; }

    /// <summary>One sentence, for responses that the mesh made itself; else null.</summary>
    public string? Reason { get; }

    /// <summary>Flags, route, cluster, endpoint and attempts in one line.</summary>
    public override string ToString() =>
        $"flags={ResponseFlagsText.Format(Flags)} route={Route ?? "-"} cluster={Cluster ?? "-"} endpoint={Endpoint ?? "-"} attempts={Attempts}";
}
