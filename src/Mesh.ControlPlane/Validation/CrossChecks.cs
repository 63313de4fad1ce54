using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>What is doubtful about objects that are in use: warnings, which reject nothing.</summary>
internal sealed class CrossChecks
{
    private static readonly ImmutableArray<Type> s_hostKinds = [typeof(Service), typeof(ServiceEntry), typeof(DestinationRule)];

    private static readonly ImmutableArray<CrossCheck> s_checks =
    [
        new((c, _) => DestinationRuleChecks.Run(c._objects.Of<DestinationRule>(), c.Hosts), typeof(DestinationRule)),
        new((c, _) => c._objects.Of<VirtualService>().SelectMany(s => VirtualServiceChecks.Run(s, c.Hosts)), typeof(VirtualService)),
        new((c, _) => GatewayChecks.Run([.. c._objects.Of<Gateway>().OldestFirst()], [.. c._objects.Of<VirtualService>()], c.Hosts), typeof(Gateway), typeof(VirtualService)),
        new((c, _) => DelegateChecks.Run([.. c._objects.Of<VirtualService>()]), typeof(VirtualService)),
        new((c, _) => ConflictingHosts.Run([.. c._objects.Of<VirtualService>()], c.Hosts), typeof(VirtualService)),
        new((c, settings) => PeerAuthenticationChecks.Run(c._objects.Of<PeerAuthentication>(), settings), typeof(PeerAuthentication)),
        new((c, settings) => AuthorizationProviderChecks.Run(c._all, settings, c.Hosts), typeof(MeshConfig), typeof(AuthorizationPolicy)),
        new((c, settings) => TcpAuthorizationChecks.Run(c._all, settings), typeof(AuthorizationPolicy), typeof(Gateway)),
        new((c, _) => RateLimitChecks.Run(c._objects.Of<RateLimitPolicy>(), c.Hosts), typeof(RateLimitPolicy)),
        new((c, settings) => ChaosChecks.Run(c._all, settings), typeof(ChaosExperiment)),
    ];

    private readonly ImmutableArray<MeshObject> _all;
    private readonly ObjectKinds _objects;
    private readonly ImmutableArray<ImmutableArray<ConfigProblem>> _results;

    /// <param name="objects">In <see cref="ObjectOrder"/>.</param>
    /// <param name="settings">Of the mesh.</param>
    /// <param name="previous">Of the same settings: what it found holds where none of the objects that it looked at has changed.</param>
    public CrossChecks(ImmutableArray<MeshObject> objects, MeshSettings settings, CrossChecks? previous = null)
    {
        _all = objects;
        _objects = new ObjectKinds(objects);
        var sameHosts = IsSame(previous, s_hostKinds);
        Hosts = sameHosts ? previous!.Hosts : new HostIndex(objects, settings);
        _results = [.. s_checks.Select((check, i) => sameHosts && IsSame(previous, check.Kinds) ? previous!._results[i] : [.. check.Run(this, settings)])];
    }

    /// <summary>What the objects define.</summary>
    public HostIndex Hosts { get; }

    public IEnumerable<ConfigProblem> Problems => _results.SelectMany(problems => problems);

    /// <summary>Whether objects of this kind define hosts, or what routes may lead to there.</summary>
    public static bool DefinesHosts(MeshObject item) => s_hostKinds.Contains(item.GetType());

    private bool IsSame(CrossChecks? previous, ImmutableArray<Type> kinds) => previous is not null && kinds.All(kind => _objects.IsSame(previous._objects, kind));

    /// <param name="Run">Looks at objects of these kinds and, if it likes, at what defines hosts.</param>
    /// <param name="Kinds">Of objects.</param>
    private sealed record CrossCheck(Func<CrossChecks, MeshSettings, IEnumerable<ConfigProblem>> Run, params ImmutableArray<Type> Kinds);
}
