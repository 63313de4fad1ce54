using System.Collections.Immutable;
using System.Net;
using ProxylessMesh.ControlPlane.Admin;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;
using ProxylessMesh.ControlPlane.CertificateAuthority.Kubernetes;
using ProxylessMesh.ControlPlane.Chaos;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.JsonWebKeys;
using ProxylessMesh.ControlPlane.LoadReports;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Sources;
using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.ControlPlane.Sources.Files.LastGood;

namespace ProxylessMesh.ControlPlane.Serving;

/// <summary>
/// The whole control plane: sources and registry -> model -> translation -> ADS, and the certificate authority. It may run inside
/// a test as well as under <c>mesh serve</c>.
/// </summary>
internal sealed partial class ControlPlaneServer : IAsyncDisposable
{
    private readonly ControlPlaneOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ControlPlaneServer> _logger;
    private readonly MeshCertificateAuthority _authority;
    private readonly IServiceAccountTokens? _kubernetes;
    private readonly AccountRules _accounts;
    private readonly FileConfigSource _source;
    private readonly ChaosClock _chaos;
    private readonly KeySetStore _keys;
    private readonly ModelPublisher _publisher;
    private readonly RememberedWorkloads _remembered;
    private readonly ControlPlaneEndpoints _endpoints;
    private readonly AdminEndpoint? _admin;
    private readonly LoadReportServer? _loads;
    private int _disposed;

    /// <exception cref="CertificateAuthorityException">The data directory is damaged or unreadable.</exception>
    public ControlPlaneServer(ControlPlaneOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        _time = time;
        _logger = loggers.CreateLogger<ControlPlaneServer>();
        var certification = new CertificateAuthorityOptions
        {
            DataDirectory = options.DataDirectory,
            TrustDomain = options.Mesh.TrustDomain,
            TrustDomainAliases = [.. options.Mesh.TrustDomainAliases],
            PluggedInDirectory = options.CertificatesDirectory,
            ReloadInterval = options.CertificatesReloadInterval,
            DefaultLifetime = options.CertificateLifetime,
            MaxLifetime = options.MaxCertificateLifetime,
            ServerNames = [.. options.ServerNames.Where(name => !IPAddress.TryParse(name, out _))],
            ServerAddresses = [.. Addresses(options)],
        };
        _authority = MeshCertificateAuthority.Open(certification, time, loggers.CreateLogger<MeshCertificateAuthority>());
        _kubernetes = options.TokenReview is { } review ? new TokenReviewer(review, time, loggers.CreateLogger<TokenReviewer>())
            : options.OfflineTokens is { } offline ? new OfflineTokenVerifier(offline, time, loggers.CreateLogger<OfflineTokenVerifier>())
            : null;
        _accounts = new AccountRules(new DataDirectory(options.DataDirectory), options.RequireBindings, loggers.CreateLogger<AccountRules>());
        var callers = new CallerIdentity(_authority, JoinTokens.Open(options.DataDirectory, time), time, _kubernetes, _accounts.Denied);
        var authenticator = new CallerAuthenticator(callers);
        _loads = options.LoadReports is { } reports ? new LoadReportServer(authenticator, reports, time) : null;
        Ads = new AdsServer(authenticator, Registry, options.Ads, time, loggers.CreateLogger<AdsServer>()) { Admission = _accounts };
        _accounts.Changed += Ads.Review;
        _source = new FileConfigSource(options.ConfigDirectory, options.Mesh, time, loggers.CreateLogger<FileConfigSource>())
        {
            LastGood = new LastGoodConfig(options.DataDirectory, options.ConfigDirectory, FileSourceOptions.Default.Limits, loggers.CreateLogger<LastGoodConfig>()),
        };
        _remembered = new RememberedWorkloads(options.DataDirectory, Registry, time, loggers.CreateLogger<RememberedWorkloads>());
        _chaos = new ChaosClock(time, loggers.CreateLogger<ChaosClock>());
        _keys = new KeySetStore(options.KeySets, time, loggers.CreateLogger<KeySetStore>());
        var trust = new TrustDistribution(_authority, Ads);
        _publisher = new ModelPublisher(options.Mesh, _source, Registry, _keys, Ads, _chaos, time, loggers.CreateLogger<ModelPublisher>()) { Trust = trust, Verifies = options.VerifyTranslations };
        _authority.EveryoneTrusts = trust.IsEverywhere;
        _authority.TrustChanged += _publisher.Signal;
        _endpoints = new ControlPlaneEndpoints(
            options,
            Ads,
            _loads,
            new CertificateService(_authority, callers, loggers.CreateLogger<CertificateService>()),
            callers,
            new ControlPlaneCertificate(_authority, certification, time, loggers.CreateLogger<ControlPlaneCertificate>()),
            time,
            loggers);
        _admin = options.AdminAddress is { } address ? new AdminEndpoint(address, Ads, _loads?.Table, time, loggers) : null;
    }

    public MeshCertificateAuthority Authority => _authority;

    public AdsServer Ads { get; }

    public WorkloadRegistry Registry { get; } = new();

    /// <summary>What was read and what was rejected.</summary>
    public ConfigSnapshot Config => _source.Current;

    /// <summary>Objects that are as they were before the start, because what their files hold now is not valid.</summary>
    public ImmutableArray<MeshObject> Restored => _source.Restored;

    /// <summary>Where plaintext xDS listens once started; null when it is not served.</summary>
    public IPEndPoint? XdsEndPoint => _endpoints.Xds;

    /// <summary>Where TLS xDS and the certificate authority listen once started.</summary>
    public IPEndPoint SecureEndPoint => _endpoints.Secure;

    /// <summary>Where operators' commands are answered once started; null when they are not.</summary>
    public IPEndPoint? AdminEndPoint { get; private set; }

    /// <summary>Reads the configuration and what a predecessor knew, then listens: no client meets a control plane that knows nothing.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such configuration folder.</exception>
    /// <exception cref="IOException">An address is in use.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _source.StartAsync(cancellationToken).ConfigureAwait(false);
        _remembered.Start();
        _publisher.Start();
        _authority.Watch();
        _accounts.Watch(_time, _options.CertificatesReloadInterval);
        await _endpoints.StartAsync(cancellationToken).ConfigureAwait(false);
        await StartAdminAsync(cancellationToken).ConfigureAwait(false);
        Log.Listening(_logger, XdsEndPoint, SecureEndPoint);
        if (IPAddress.IsLoopback(_options.SecureAddress.Address) && (XdsEndPoint is null || IPAddress.IsLoopback(XdsEndPoint.Address)))
        {
            Log.Development(_logger);
        }
        else if (XdsEndPoint is not null && !IPAddress.IsLoopback(XdsEndPoint.Address))
        {
            Log.OpenPlaintext(_logger, XdsEndPoint);
        }
    }

    private async Task StartAdminAsync(CancellationToken cancellationToken)
    {
        if (_admin is null)
        {
            return;
        }

        try
        {
            await _admin.StartAsync(cancellationToken).ConfigureAwait(false);
            AdminEndPoint = _admin.EndPoint;
        }
        catch (IOException e) when (_options.AdminIsOptional)
        {
            Log.NoAdmin(_logger, _options.AdminAddress!, e.Message);
        }
    }

    /// <summary>Sends clients away with UNAVAILABLE, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _remembered.Dispose();
        _accounts.Dispose();
        _loads?.Stop();
        await Ads.StopAsync().ConfigureAwait(false);
        if (_admin is not null)
        {
            await _admin.DisposeAsync().ConfigureAwait(false);
        }

        await _endpoints.DisposeAsync().ConfigureAwait(false);
        _authority.TrustChanged -= _publisher.Signal;
        _publisher.Dispose();
        _keys.Dispose();
        _chaos.Dispose();
        await _source.DisposeAsync().ConfigureAwait(false);
        Ads.Dispose();
        _loads?.Dispose();
        _kubernetes?.Dispose();
        _authority.Dispose();
    }

    private static IEnumerable<IPAddress> Addresses(ControlPlaneOptions options)
    {
        if (!IsAny(options.SecureAddress.Address))
        {
            yield return options.SecureAddress.Address;
        }

        foreach (var name in options.ServerNames)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                yield return address;
            }
        }
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static partial class Log
    {
        [LoggerMessage(4400, LogLevel.Information, "Listening: plaintext xDS on {Xds}, TLS xDS and certificates on {Secure}.")]
        public static partial void Listening(ILogger logger, IPEndPoint? xds, IPEndPoint secure);

        [LoggerMessage(4401, LogLevel.Warning, "Development mode: listening on loopback only, so every workload must run on this machine.")]
        public static partial void Development(ILogger logger);

        [LoggerMessage(4230, LogLevel.Warning, "Operators' commands are not answered: {Address} cannot be used: {Reason}")]
        public static partial void NoAdmin(ILogger logger, IPEndPoint address, string reason);

        [LoggerMessage(4402, LogLevel.Warning, "Plaintext xDS is open on {Xds}: whoever reaches it can read the configuration and register workloads without proof.")]
        public static partial void OpenPlaintext(ILogger logger, IPEndPoint xds);
    }
}
