using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.Client;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.Serving;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>
/// A whole mesh in this process, with nothing in it that is not real: control plane, configuration folder, workloads, clients,
/// sockets and certificates. Disposes all that it started.
/// </summary>
internal sealed class MeshEnvironment : IAsyncDisposable
{
    private const int PushingState = 4207;

    private readonly TemporaryDirectory _root = new();
    private readonly ConcurrentStack<IAsyncDisposable> _started = new();
    private ControlPlaneOptions _options;
    private ControlPlaneServer? _plane;

    private MeshEnvironment()
    {
        Directory.CreateDirectory(_root.File("config"));
        _options = new ControlPlaneOptions
        {
            ConfigDirectory = _root.File("config"),
            DataDirectory = _root.File("data"),
            XdsAddress = new IPEndPoint(IPAddress.Loopback, FreePort.Next()),
            SecureAddress = new IPEndPoint(IPAddress.Loopback, FreePort.Next()),
            VerifyTranslations = true,
        };
    }

    public ControlPlaneServer Plane => _plane ?? throw new InvalidOperationException("The control plane does not run.");

    /// <summary>Of the control plane.</summary>
    public CollectedLogs Logs { get; } = new();

    public Uri Plaintext => new($"http://{_options.XdsAddress}");

    public Uri Secure => new($"https://{_options.SecureAddress}");

    public string RootCertificateFile => Path.Combine(_options.DataDirectory, "root-cert.pem");

    /// <summary>Of the control plane, with the keys.</summary>
    public string DataDirectory => _options.DataDirectory;

    /// <summary>The control plane's own root and key, for certificates that it would never issue.</summary>
    public TestAuthority Authority => TestAuthority.Load(
        TimeProvider.System, "cluster.local", Path.Combine(_options.DataDirectory, "ca-cert.pem"), Path.Combine(_options.DataDirectory, "ca-key.pem"));

    /// <param name="files">Names and contents of the configuration.</param>
    public static Task<MeshEnvironment> StartAsync(params (string Name, string Content)[] files) => StartAsync(static options => options, files);

    /// <param name="settings">Changes of what the control plane is told.</param>
    /// <param name="files">Names and contents of the configuration.</param>
    public static async Task<MeshEnvironment> StartAsync(Func<ControlPlaneOptions, ControlPlaneOptions> settings, params (string Name, string Content)[] files)
    {
        var environment = new MeshEnvironment();
        environment._options = settings(environment._options);
        foreach (var (name, content) in files)
        {
            environment.Write(name, content);
        }

        await environment.StartControlPlaneAsync();
        return environment;
    }

    public void Write(string name, string content) => File.WriteAllText(ConfigFile(name), content);

    /// <summary>Where a file of the configuration lies.</summary>
    public string ConfigFile(string name) => Path.Combine(_options.ConfigDirectory, name);

    /// <summary>A path in a directory that goes with the environment.</summary>
    public string PathOf(string name) => _root.File(name);

    /// <summary>On the same ports, with the same keys, as often as it is stopped.</summary>
    public async Task StartControlPlaneAsync()
    {
        _plane = new ControlPlaneServer(_options, TimeProvider.System, Logs);
        await _plane.StartAsync(CancellationToken.None);
    }

    public async Task StopControlPlaneAsync()
    {
        await Plane.DisposeAsync();
        _plane = null;
    }

    /// <summary>Makes the next start that of a control plane with a root and keys of its own.</summary>
    public void ForgetAuthority() => Directory.Delete(_options.DataDirectory, recursive: true);

    /// <summary>The settings that an operator gives a workload.</summary>
    public void Join(MeshOptions options, string serviceAccount, string ns = "default")
    {
        options.ControlPlane = Secure;
        options.RootCertificateFile = RootCertificateFile;
        options.TokenFile = TokenFile(ns, serviceAccount);
        options.DrainDelay = TimeSpan.Zero;
        options.Workload.Namespace = ns;
        options.Workload.ServiceAccount = serviceAccount;
    }

    /// <summary>Starts an app with the labels <c>app</c> and <c>version</c>, and waits until the control plane has told everybody where it listens.</summary>
    public async Task<WorkloadApp> StartWorkloadAsync(
        string app,
        string version = "v1",
        Action<WebApplication>? map = null,
        Action<MeshOptions>? configure = null,
        Action<WebApplicationBuilder>? build = null,
        string ns = "default")
    {
        var workload = await WorkloadApp.StartAsync(
            $"{app}-{version}",
            options =>
            {
                Join(options, app, ns);
                options.Workload.Name = $"{app}-{version}";
                options.Workload.Labels["app"] = app;
                options.Workload.Labels["version"] = version;
                configure?.Invoke(options);
            },
            map,
            build);
        _started.Push(workload);
        await Poll.UntilAsync(() => IsRegistered(workload), $"{workload.Name} has not registered");
        await SettledAsync();
        return workload;
    }

    /// <summary>
    /// Waits until all that the control plane knows has been pushed. A host that is called earlier is unknown, and passes through
    /// to a name server that may take its time.
    /// </summary>
    public Task SettledAsync() => Poll.UntilAsync(
        () => Logs.Entries.LastOrDefault(e => e.Id.Id == PushingState).Text?
            .EndsWith($": {Plane.Config.Objects.Length} objects, {Plane.Registry.Current.Length} workloads.", StringComparison.Ordinal) == true,
        "the control plane has not pushed what it knows");

    public bool IsRegistered(WorkloadApp workload) => Plane.Registry.Current.Any(w => w.Ports.Any(p => p.Value == workload.EndPoint.Port));

    /// <summary>Starts a host that only calls, of the service account <c>client</c>.</summary>
    public async Task<MeshClient> StartClientAsync(Action<MeshOptions>? configure = null, Action<IServiceCollection>? services = null, string ns = "default")
    {
        var client = await MeshClient.StartAsync(
            options =>
            {
                Join(options, "client", ns);
                configure?.Invoke(options);
            },
            services);
        _started.Push(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var started))
        {
            await started.DisposeAsync();
        }

        if (_plane is not null)
        {
            await _plane.DisposeAsync();
        }

        _root.Dispose();
    }

    /// <summary>A file with a join token.</summary>
    public string TokenFile(string ns, string serviceAccount)
    {
        var file = _root.File($"{ns}-{serviceAccount}.token");
        File.WriteAllText(file, JoinTokens.Open(_options.DataDirectory, TimeProvider.System).Create(ns, serviceAccount, TimeSpan.FromHours(1)));
        return file;
    }
}
