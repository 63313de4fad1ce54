using System.Collections.Concurrent;
using System.Globalization;
using ProxylessMesh.Client.Outcomes;

namespace ProxylessMesh.Client.Telemetry;

/// <summary>
/// The labels of calls to one cluster. A set is made when the first call with its result ends, and is used for all that follow: a
/// measurement allocates nothing.
/// </summary>
internal sealed class DestinationTags
{
    /// <summary>Sets that are kept. Codes are the upstream's to choose; what comes after that many is made anew each time.</summary>
    private const int Limit = 512;

    private const string Unknown = "unknown";
    private const string ServiceSuffix = ".svc.";

    private readonly ConcurrentDictionary<CallResult, Set> _sets = new();
    private readonly string _service;
    private readonly string _name;
    private readonly string _namespace;
    private volatile Set? _latest;

    /// <param name="cluster">As in <c>outbound|9080|v1|reviews.default.svc.cluster.local</c>; null: none was chosen.</param>
    public DestinationTags(string? cluster)
    {
        var host = cluster is not null && cluster.StartsWith("outbound|", StringComparison.Ordinal) ? cluster[(cluster.LastIndexOf('|') + 1)..] : null;
        _service = host ?? Unknown;

        // PassthroughCluster and BlackHoleCluster stand where the service's name would.
        _name = host ?? cluster ?? Unknown;
        _namespace = Unknown;
        if (host is not null && host.Split('.', 3) is [var name, var space, _] && host.AsSpan(name.Length + space.Length + 1).StartsWith(ServiceSuffix, StringComparison.Ordinal))
        {
            _name = name;
            _namespace = space;
        }
    }

    /// <summary>Sets that are remembered.</summary>
    public int Known => _sets.Count;

    public ReadOnlySpan<KeyValuePair<string, object?>> Of(SourceTags source, CallResult result)
    {
        // Nearly all calls end as the one before did.
        if (_latest is { } latest && latest.Result == result)
        {
            return latest.Tags;
        }

        if (!_sets.TryGetValue(result, out var set))
        {
            set = new Set(result, Make(source, result));
            if (Known < Limit)
            {
                _sets.TryAdd(result, set);
            }
        }

        _latest = set;
        return set.Tags;
    }

    private KeyValuePair<string, object?>[] Make(SourceTags source, CallResult result) =>
    [
        .. source.All,
        new("destination_service", _service),
        new("destination_service_name", _name),
        new("destination_service_namespace", _namespace),
        new("request_protocol", result.IsGrpc ? "grpc" : "http"),
        new("response_code", result.Code.ToString(CultureInfo.InvariantCulture)),
        new("response_flags", result.IsGivenUp ? "DC" : ResponseFlagsText.Format(result.Flags)),
        new("grpc_response_status", GrpcStatus.Text(result)),
    ];

    private sealed record Set(CallResult Result, KeyValuePair<string, object?>[] Tags);
}
