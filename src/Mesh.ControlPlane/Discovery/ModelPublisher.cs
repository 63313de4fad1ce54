using System.Diagnostics.CodeAnalysis;
using ProxylessMesh.ControlPlane.Chaos;
using ProxylessMesh.ControlPlane.JsonWebKeys;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Sources;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>From changes of configuration and registry to models: a burst of changes makes one push (Istio's debounce: 100 ms, 10 s).</summary>
internal sealed partial class ModelPublisher : IDisposable
{
    /// <summary>
    /// For news that wait for no more of their kind. A folder has waited for the end of its burst already. What a workload says of itself
    /// is whole, and whoever calls it waits for it (Istio's PILOT_ENABLE_EDS_DEBOUNCE lets them not wait at all).
    /// </summary>
    private static readonly TimeSpan s_shortly = TimeSpan.FromMilliseconds(50);

    private readonly Lock _publishing = new();
    private readonly MeshSettings _settings;
    private readonly IConfigSource _source;
    private readonly WorkloadRegistry _registry;
    private readonly KeySetStore _keys;
    private readonly AdsServer _ads;
    private readonly ChaosClock _chaos;
    private readonly ILogger<ModelPublisher> _logger;
    private readonly Debouncer _debouncer;
    private readonly string _startedAt;
    private int _count;
    private ModelResources? _last;

    /// <summary>The roots of the authority, which are published along with the rest; null = none are.</summary>
    public TrustDistribution? Trust { get; init; }

    /// <summary>Whether resources that are kept are translated again and compared: for tests.</summary>
    public bool Verifies { get; init; }

    public ModelPublisher(
        MeshSettings settings, IConfigSource source, WorkloadRegistry registry, KeySetStore keys, AdsServer ads, ChaosClock chaos, TimeProvider time, ILogger<ModelPublisher> logger)
    {
        _settings = settings;
        _source = source;
        _registry = registry;
        _keys = keys;
        _ads = ads;
        _chaos = chaos;
        _logger = logger;
        _startedAt = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        _debouncer = new Debouncer(time, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), Publish);
    }

    /// <summary>Publishes what there is and follows what comes. The source must have been started.</summary>
    public void Start()
    {
        _source.Changed += OnConfigChanged;
        _registry.Changed += OnRegistryChanged;
        _keys.Changed += _debouncer.Signal;
        _chaos.Changed += _debouncer.Signal;
        Publish();
    }

    public void Dispose()
    {
        _source.Changed -= OnConfigChanged;
        _registry.Changed -= OnRegistryChanged;
        _keys.Changed -= _debouncer.Signal;
        _chaos.Changed -= _debouncer.Signal;
        _debouncer.Dispose();
    }

    /// <summary>Asks for a push of what is there, such as after a change of <see cref="Trust"/>.</summary>
    public void Signal() => _debouncer.Signal();

    private void OnRegistryChanged() => _debouncer.Signal(s_shortly);

    private void OnConfigChanged(ConfigSnapshot snapshot) => _debouncer.Signal(s_shortly);

    [SuppressMessage("Design", "CA1031", Justification = "A model that cannot be built leaves the last good one in force; it must not end the process.")]
    private void Publish()
    {
        lock (_publishing)
        {
            try
            {
                var objects = _chaos.Current(_source.Current.Objects);
                var model = new MeshModel(_settings, objects, _registry.Current, _last?.Model) { KeySets = _keys.Follow(objects) };
                _count++;
                _last = new ModelResources($"{_startedAt}/{_count}", model, Trust?.ResourceFor(_count), _last) { Verifies = Verifies };
                _ads.Publish(_last);
                Log.Published(_logger, _count, _source.Current.Objects.Length, _registry.Current.Length);
            }
            catch (Exception e)
            {
                Log.Failed(_logger, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4207, LogLevel.Information, "Pushing state {Number}: {Objects} objects, {Workloads} workloads.")]
        public static partial void Published(ILogger logger, int number, int objects, int workloads);

        [LoggerMessage(4208, LogLevel.Error, "The changed configuration cannot be compiled; the last one stays in force.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
