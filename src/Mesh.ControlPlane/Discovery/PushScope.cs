namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>Which resources may be others than before. Immutable, so that all streams share one.</summary>
internal sealed class PushScope
{
    private static readonly IReadOnlySet<string> s_none = new HashSet<string>();

    private readonly Dictionary<string, IReadOnlySet<string>> _names;

    /// <param name="names">By type.</param>
    public PushScope(Dictionary<string, IReadOnlySet<string>> names) => _names = names;

    /// <summary>Any resource.</summary>
    public static PushScope Everything { get; } = new([]) { IsEverything = true };

    /// <summary>None: only what a stream owes its client for other reasons.</summary>
    public static PushScope Nothing { get; } = new([]);

    public bool IsEverything { get; private init; }

    /// <summary>Namespaces in which what gRPC's servers listen with may be another.</summary>
    public IReadOnlySet<string> GrpcServersOf { get; init; } = s_none;

    /// <summary>The same of our own servers.</summary>
    public IReadOnlySet<string> ServersOf { get; init; } = s_none;

    /// <summary>Whether all that gateways listen for and route by may be new.</summary>
    public bool OfGateways { get; init; }

    /// <summary>Of a type, by name; says nothing where <see cref="IsEverything"/>.</summary>
    public IReadOnlySet<string> Names(string typeUrl) => _names.GetValueOrDefault(typeUrl, s_none);

    public PushScope Union(PushScope other)
    {
        if (IsEverything || other == Nothing || ReferenceEquals(this, other))
        {
            return this;
        }

        if (other.IsEverything || this == Nothing)
        {
            return other;
        }

        var union = new Dictionary<string, IReadOnlySet<string>>(_names);
        foreach (var (typeUrl, names) in other._names)
        {
            union[typeUrl] = union.TryGetValue(typeUrl, out var own) ? own.Union(names).ToHashSet(StringComparer.Ordinal) : names;
        }

        return new PushScope(union)
        {
            GrpcServersOf = GrpcServersOf.Union(other.GrpcServersOf).ToHashSet(StringComparer.Ordinal),
            ServersOf = ServersOf.Union(other.ServersOf).ToHashSet(StringComparer.Ordinal),
            OfGateways = OfGateways || other.OfGateways,
        };
    }
}
