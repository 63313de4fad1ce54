using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Connections;
using ProxylessMesh.Client.Handlers;
using ProxylessMesh.Client.LoadReports;
using ProxylessMesh.Client.NameResolution;
using ProxylessMesh.Client.ServiceDiscovery;
using ProxylessMesh.Client.Services;
using ProxylessMesh.Client.Telemetry;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Cache;
using ProxylessMesh.Xds.Identity;
using ProxylessMesh.Xds.LoadReports;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Runtime;

/// <summary>What one process has of the mesh: its identity, its control-plane connection and the services it calls.</summary>
internal sealed partial class MeshRuntime : IMesh, IAsyncDisposable, IDisposable
{
    private readonly ILogger _logger;
    private readonly Lock _starting = new();
    private readonly List<AuthorityKey> _dependencies = [];
    private readonly NodeDescription _node;
    private readonly ControlPlaneLink? _link;
    private readonly XdsClient? _xds;
    private readonly DiskResourceCache? _cache;
    private readonly EndpointConnector? _connector;
    private readonly ClusterStore? _clusters;
    private readonly LoadReporters? _loads;
    private readonly OutboundCalls _calls;
    private readonly ServicesSection _section;
    private NodeInfo _currentNode;
    private Task? _start;
    private TrustWatch? _trust;

    public MeshRuntime(
        IOptions<MeshOptions> options, ILoggerFactory logs, TimeProvider time, IRandomSource random, INameResolver? resolver = null, IConfiguration? configuration = null)
    {
        Options = options.Value;
        Time = time;
        _logger = logs.CreateLogger<MeshRuntime>();
        _section = new ServicesSection(configuration, _logger);
        _link = ControlPlaneLink.Find(Options, logs, time, random);
        _node = new NodeDescription(Options.Workload, RandomNumberGenerator.GetHexString(8, lowercase: true), _link?.Node);
        _currentNode = _node.With([], acceptsMutualTls: false);
        OutboundServices? services = null;
        if (_link is not null)
        {
            _cache = Options.StateDirectory is { } state ? DiskResourceCache.Open(Path.Combine(state, "config"), new DiskResourceCacheSettings(), logs) : null;
            _xds = new XdsClient([_link.Transport, .. _link.Fallbacks], _currentNode, time, random, logs, _cache, _link.Authorities, keepContents: Options.Admin.Address is not null);
            _connector = new EndpointConnector(_link.Identity, time, _logger);
            _loads = new LoadReporters(_link.Transport, _link.Authorities, () => _currentNode, time, random, logs);
            _clusters = new ClusterStore(_connector.CreateHandler, time, random, resolver ?? new NameResolver(new ResolverFiles(), time))
            {
                Locality = _currentNode.Locality,
                Resettled = _connector.Live.Judge,
                Loads = new LoadServices(_loads.StatsOf, logs.CreateLogger<LoadReportWatch>()),
            };
            services = new OutboundServices(_xds, _link.Names.ForAuthority, _clusters, time, random, _logger);
            foreach (var dependency in Options.Dependencies)
            {
                AddDependency(new Uri($"http://{dependency}"));
            }
        }

        _calls = new OutboundCalls(services, new CallContext(time, random) { Telemetry = new CallTelemetry(SourceTags.Of(Options.Workload), time) }, Options.ConfigurationTimeout, Options.Mode == MeshMode.Required, _logger);
    }

    /// <summary>Whether a control plane is configured and the mode is not Off. When false, everything else here is inert.</summary>
    public bool Enabled => _xds is not null;

    /// <summary>The validated settings.</summary>
    public MeshOptions Options { get; }

    /// <summary>The ADS client; only when <see cref="Enabled"/>.</summary>
    public XdsClient Xds => _xds ?? throw new InvalidOperationException("The mesh is off.");

    /// <summary>The workload's certificate, or null where the control plane gives none (plaintext development).</summary>
    public IIdentitySource? Identity => _link?.Identity;

    /// <summary>How listeners are named.</summary>
    public ListenerNames Names => _link?.Names ?? ListenerNames.Default;

    /// <summary>The clock of everything.</summary>
    public TimeProvider Time { get; }

    /// <summary>What calls under way hold.</summary>
    public HeldResources Held => _clusters?.Held() ?? default;

    /// <summary>Connections to endpoints, busy and idle.</summary>
    public int OpenConnections => _connector?.Open.Count ?? 0;

    /// <summary>Fetches the configuration of an authority at start.</summary>
    public void AddDependency(Uri address)
    {
        var called = LogicalUri.From(address) ?? address;
        if (called.Scheme == Uri.UriSchemeHttp)
        {
            _dependencies.Add(new AuthorityKey(called.Host, called.Port));
        }
    }

    /// <summary>Gets identity and first configuration. Idempotent; safe to call from several hosted services.</summary>
    /// <exception cref="MeshStartException">The mode is Required and the mesh could not be joined; the message says why.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_starting)
        {
            return _start ??= JoinAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Registers the ports that the app now listens on (name, number), or, with an empty list, takes them back before the app
    /// stops: the control plane then removes the endpoints, and callers go elsewhere while the last requests end.
    /// </summary>
    public void SetListeningPorts(IReadOnlyList<KeyValuePair<string, int>> ports, bool acceptsMutualTls)
    {
        _currentNode = _node.With(ports, acceptsMutualTls);
        _xds?.UpdateNode(_currentNode);
    }

    /// <summary>A handler over one that serves what the mesh does not know; disposes it with itself.</summary>
    public HttpMessageHandler CreateHandler(HttpMessageHandler passThrough) => new MeshHttpHandler(_calls, new ServicesSectionHandler(_section, passThrough));

    /// <summary>A handler whose every call is routed by one route configuration; what that does not know is not called.</summary>
    /// <param name="routes">Name of the routes, and of the listener that leads to them.</param>
    public HttpMessageHandler CreateGatewayHandler(string routes) => new MeshHttpHandler(_calls, new NoPassage(), routes);

    /// <inheritdoc/>
    public HttpMessageHandler CreateHandler() => CreateHandler(new SocketsHttpHandler());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _section.Dispose();
        _calls.Services?.Dispose();
        _trust?.Dispose();
        _connector?.Dispose();
        if (_xds is not null)
        {
            await _xds.DisposeAsync().ConfigureAwait(false);
        }

        if (_cache is not null)
        {
            await _cache.DisposeAsync().ConfigureAwait(false);
        }

        _clusters?.Dispose();
        if (_loads is not null)
        {
            await _loads.DisposeAsync().ConfigureAwait(false);
        }

        if (_link is not null)
        {
            await _link.Transport.DisposeAsync().ConfigureAwait(false);
            if (_link.Identity is { } identity)
            {
                await identity.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>For containers that are disposed of synchronously.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        if (!Enabled)
        {
            SayThatItIsOff();
            return;
        }

        if (_link!.Identity is { } identity)
        {
            await GetIdentityAsync(identity, cancellationToken).ConfigureAwait(false);
            _trust = identity is CaIdentitySource issued ? new TrustWatch(_xds!, issued) : null;
        }

        await WarmAsync(cancellationToken).ConfigureAwait(false);
        Log.Joined(_logger, _link.Transport.Name, _currentNode.Id, DescribeIdentity());
    }

    private string DescribeIdentity() =>
        Identity is not { } identity ? "none (plaintext control plane)" : identity.Current?.Certificate.Id.ToString() ?? "none yet";

    private void SayThatItIsOff()
    {
        if (Options.Mode == MeshMode.Required)
        {
            throw new MeshStartException("Mesh:Mode is Required, but no control plane is configured: set Mesh:ControlPlane.");
        }

        if (Options.Mode == MeshMode.Auto)
        {
            Log.MeshIsOff(_logger);
        }
    }

    private async Task GetIdentityAsync(IIdentitySource identity, CancellationToken cancellationToken)
    {
        identity.Start();
        try
        {
            await identity.WaitAsync(cancellationToken).WaitAsync(Options.ConfigurationTimeout, Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var reason = identity.LastError ?? "no answer yet";
            if (Options.Mode == MeshMode.Required)
            {
                throw new MeshStartException($"No certificate from {_link!.Transport.Name} within {Options.ConfigurationTimeout.TotalSeconds} s: {reason}");
            }

            Log.NoIdentityYet(_logger, _link!.Transport.Name, Options.ConfigurationTimeout.TotalSeconds, reason);
            identity.Changed += ReconnectOnce;

            // The stream's attempts failed for want of a certificate and now back off; there is no reason to wait for them.
            void ReconnectOnce()
            {
                identity.Changed -= ReconnectOnce;
                _xds!.UpdateNode(_currentNode);
            }
        }
    }

    private async Task WarmAsync(CancellationToken cancellationToken)
    {
        var services = _dependencies.Distinct().Select(d => _calls.Services!.Find(d)).OfType<OutboundService>().ToArray();
        try
        {
            await Task.WhenAll(services.Select(s => s.FirstModel)).WaitAsync(Options.ConfigurationTimeout, Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var missing = string.Join(", ", services.Where(s => s.Model is null).Select(s => s.Authority));
            if (Options.Mode == MeshMode.Required)
            {
                throw new MeshStartException($"No configuration for {missing} from {_link!.Transport.Name} within {Options.ConfigurationTimeout.TotalSeconds} s.");
            }

            Log.NotWarm(_logger, missing, Options.ConfigurationTimeout.TotalSeconds);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2000, LogLevel.Warning, "The mesh is off: no control plane is configured. Set Mesh:ControlPlane (environment Mesh__ControlPlane) to join one, or Mesh:Mode to Off to silence this.")]
        public static partial void MeshIsOff(ILogger logger);

        [LoggerMessage(2001, LogLevel.Information, "Joined the mesh of {ControlPlane} as {Node}; identity: {Identity}.")]
        public static partial void Joined(ILogger logger, string controlPlane, string node, string identity);

        [LoggerMessage(2002, LogLevel.Warning, "No certificate from {ControlPlane} within {Seconds} s, going on without: {Reason}. Calls to endpoints that ask for mutual TLS fail until there is one.")]
        public static partial void NoIdentityYet(ILogger logger, string controlPlane, double seconds, string reason);

        [LoggerMessage(2003, LogLevel.Warning, "No configuration for {Authorities} within {Seconds} s; the first calls wait for it.")]
        public static partial void NotWarm(ILogger logger, string authorities, double seconds);
    }
}
