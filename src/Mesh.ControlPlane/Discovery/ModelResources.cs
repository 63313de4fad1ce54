using System.Collections.Concurrent;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.ControlPlane.Translation.Secrets;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>
/// The translation of one model: each resource is encoded once, however many clients ask, and what a change does not concern is
/// taken over from the state before.
/// </summary>
internal sealed class ModelResources : IResourceGenerator
{
    // Clients come and go with ever new labels; beyond this what only they see is not kept.
    private const int MaxViews = 20_000;

    // Roots first: a certificate of a new one must not be met before.
    private static readonly IReadOnlyList<string> s_types = [TrustAnchorsBuilder.TypeUrl, .. ResourceTranslator.TypeUrls];

    private readonly ConcurrentDictionary<ProxyView, ModelView> _views = new();
    private ModelResources? _previous;
    private ModelChanges _changes;

    /// <param name="version">Of this state.</param>
    /// <param name="model">What is translated.</param>
    /// <param name="trust">The authority's roots; null = they are not served.</param>
    /// <param name="previous">The state before; null = there was none.</param>
    public ModelResources(string version, MeshModel model, TranslatedResource? trust = null, ModelResources? previous = null)
    {
        Version = version;
        Model = model;
        Trust = trust;
        var changes = previous is null ? ModelChanges.Everything : ModelChanges.Between(previous.Model, model);
        Hosts = new HostResources(model, changes, previous?.Hosts);
        Listeners = changes.IsEverything ? new NamedResources(TypeUrl.Listener, previous?.Listeners) : previous!.Listeners;
        Gateways = changes.ConcernGateways ? new GatewayResources(previous?.Gateways) : previous!.Gateways;
        _previous = previous;
        _changes = changes;
        if (previous is not null && !changes.IsEverything)
        {
            TakeViews(previous, changes);
        }
    }

    public string Version { get; }

    public IReadOnlyList<string> TypeUrls => s_types;

    /// <inheritdoc/>
    public PushScope TakeChanges()
    {
        var (previous, changes) = (_previous, _changes);
        (_previous, _changes) = (null, ModelChanges.Everything);
        return previous is null || changes.IsEverything ? PushScope.Everything : Scope(changes, previous);
    }

    /// <summary>Translates again what is kept, and fails where it comes out otherwise: for tests.</summary>
    public bool Verifies { get; init; }

    public MeshModel Model { get; }

    public TranslatedResource? Trust { get; }

    /// <summary>Clusters, endpoints and routes.</summary>
    public HostResources Hosts { get; }

    /// <summary>Of hosts that are called.</summary>
    public NamedResources Listeners { get; }

    /// <summary>What gateways ask for by names of their routes.</summary>
    public GatewayResources Gateways { get; }

    public IResourceView ViewFor(ProxyView proxy)
    {
        if (!_views.TryGetValue(proxy, out var view))
        {
            view = new ModelView(this, proxy, null);
            view = _views.Count >= MaxViews ? view : _views.GetOrAdd(proxy, view);
        }

        view.IsUsed = true;
        return view;
    }

    /// <summary>What of it nobody has used goes: its clients have left.</summary>
    private void TakeViews(ModelResources previous, ModelChanges changes)
    {
        foreach (var (proxy, view) in previous._views)
        {
            if (view.IsUsed)
            {
                var isKept = !(proxy.Profile == ProxyProfile.Grpc ? changes.GrpcServersOf : changes.ServersOf).Contains(proxy.Namespace)
                    && !(proxy.IsGateway && changes.ConcernGateways);
                _views[proxy] = new ModelView(this, proxy, isKept ? view.Inbound : null);
            }
        }
    }

    private PushScope Scope(ModelChanges changes, ModelResources previous)
    {
        var names = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        if (!previous.Hosts.TryFindNames(changes, names))
        {
            return PushScope.Everything;
        }

        if (!ReferenceEquals(Trust, previous.Trust))
        {
            names[TrustAnchorsBuilder.TypeUrl] = new[] { Trust?.Name, previous.Trust?.Name }.OfType<string>().ToHashSet(StringComparer.Ordinal);
        }

        return new PushScope(names) { GrpcServersOf = changes.GrpcServersOf, ServersOf = changes.ServersOf, OfGateways = changes.ConcernGateways };
    }
}
