using System.Net;
using System.Security.Cryptography;
using ProxylessMesh.ControlPlane.Agent.Health;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Identity;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.ControlPlane.Agent;

/// <summary>
/// Brings an app that is not .NET into the mesh: certificates as files, ADS on a socket and the bootstrap that names both, and the
/// workload's registration while the app is healthy.
/// </summary>
internal sealed partial class WorkloadAgent(AgentOptions options, TimeProvider time, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<WorkloadAgent>();
    private readonly string _instance = RandomNumberGenerator.GetHexString(8, lowercase: true);

    /// <summary>Until the app ends or a signal or <paramref name="stop"/> ends it; the app's exit code.</summary>
    /// <exception cref="AgentException">There is no certificate.</exception>
    /// <exception cref="IOException">The folder cannot be used, or the app not be started.</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var folder = AgentFolder.Open(options.StateDirectory);
        var connection = AgentConnection.Create(options, folder, time, SystemRandomSource.Instance, loggers);
        try
        {
            var certificates = await FirstCertificateAsync(connection.Identity, folder, stop).ConfigureAwait(false);
            var node = AgentNode.Of(options.Workload, _instance, serves: false);
            var transport = connection.OpenTransport();
            var proxy = new AdsProxy(folder.Socket, transport, node, time, loggers);
            await using (transport.ConfigureAwait(false))
            await using (proxy.ConfigureAwait(false))
            {
                await proxy.StartAsync(stop).ConfigureAwait(false);
                BootstrapFile.Write(folder.Bootstrap, folder.Socket, node, certificates, options.RefreshInterval);
                Log.Ready(_logger, options.ControlPlane, folder.Bootstrap, connection.Identity?.Current?.Certificate.Id.ToString() ?? "none (plaintext control plane)");
                return await RunAppAsync(folder, connection, stop).ConfigureAwait(false);
            }
        }
        finally
        {
            if (connection.Identity is { } identity)
            {
                await identity.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>The files are there before the app is, and follow each rotation.</summary>
    private async Task<CertificateFiles?> FirstCertificateAsync(CaIdentitySource? identity, AgentFolder folder, CancellationToken stop)
    {
        if (identity is null)
        {
            return null;
        }

        identity.Start();
        IdentityState state;
        try
        {
            state = await identity.WaitAsync(stop).WaitAsync(options.StartTimeout, time, stop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new AgentException(
                $"no certificate from {options.ControlPlane} within {options.StartTimeout.TotalSeconds} s: {identity.LastError ?? "no answer yet"}");
        }

        var files = new CertificateFiles(folder.Certificates);
        files.Write(state);
        identity.Changed += () => Write(files, identity.Current);
        return files;
    }

    private void Write(CertificateFiles files, IdentityState? state)
    {
        try
        {
            if (state is not null && files.Write(state))
            {
                Log.Written(_logger, state.Certificate.Id, state.Certificate.NotAfter);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            Log.NotWritten(_logger, e.Message);
        }
    }

    private async Task<int> RunAppAsync(AgentFolder folder, AgentConnection connection, CancellationToken stop)
    {
        var told = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);

        // Before there is an app: a signal that ended the agent afterwards would leave it alone.
        using var signals = new ForwardedSignals(number => told.TrySetResult(number));
        using var started = options.Command.Count > 0 ? ChildProcess.Start([.. options.Command], Environment(folder)) : null;
        if (started is not null)
        {
            signals.ForwardTo(started);
        }

        using var cancelled = stop.Register(() => told.TrySetResult(ForwardedSignals.Terminate));
        var ended = started?.WaitAsync(CancellationToken.None) ?? Task.Delay(Timeout.InfiniteTimeSpan, time, CancellationToken.None).ContinueWith(_ => 0, TaskScheduler.Default);
        await ServeAsync(connection, Task.WhenAny(told.Task, ended)).ConfigureAwait(false);
        if (started is null)
        {
            return 0;
        }

        return told.Task.IsCompleted ? await StopAsync(started, ended, await told.Task.ConfigureAwait(false)).ConfigureAwait(false) : await ended.ConfigureAwait(false);
    }

    /// <summary>In the mesh while the app is healthy; out of it when this returns.</summary>
    private async Task ServeAsync(AgentConnection connection, Task<Task<int>> over)
    {
        var transport = connection.OpenTransport();
        await using (transport.ConfigureAwait(false))
        {
            var node = AgentNode.Of(options.Workload, _instance, serves: false);
            var client = new XdsClient([transport], node, time, SystemRandomSource.Instance, loggers);
            var registration = new Registration(client, connection.Identity, options.Workload, _instance, loggers.CreateLogger<Registration>());
            await using (registration.ConfigureAwait(false))
            {
                using var checking = new CancellationTokenSource();
                var checks = Monitor(connection.Identity)?.RunAsync(registration.Serve, checking.Token) ?? Task.CompletedTask;
                await over.ConfigureAwait(false);
                await checking.CancelAsync().ConfigureAwait(false);
                await checks.ConfigureAwait(false);
            }
        }
    }

    private HealthMonitor? Monitor(IIdentitySource? identity)
    {
        if (options.Workload.Ports.Count == 0)
        {
            return null;
        }

        var target = options.HealthCheck ?? new HealthTarget(HealthCheckKind.Tcp, options.Workload.Ports[0].Value, "");
        var probe = new HealthProbe(target, IPAddress.Parse(options.Workload.Address), options.Workload.MutualTls ? identity : null, time);
        return new HealthMonitor(probe, options.HealthTiming, time, loggers.CreateLogger<HealthMonitor>());
    }

    /// <summary>It has left the mesh already; callers get a while to hear of it before the app refuses them.</summary>
    private async Task<int> StopAsync(ChildProcess child, Task<int> ended, int signal)
    {
        Log.Stopping(_logger, options.DrainDelay.TotalSeconds);
        var delay = options.Workload.Ports.Count > 0 ? options.DrainDelay : TimeSpan.Zero;
        await Task.WhenAny(ended, Task.Delay(delay, time)).ConfigureAwait(false);
        child.Signal(signal);
        if (await Task.WhenAny(ended, Task.Delay(options.StopTimeout, time)).ConfigureAwait(false) != ended)
        {
            Log.Killed(_logger, options.StopTimeout.TotalSeconds);
            child.End();
        }

        return await ended.ConfigureAwait(false);
    }

    private static Dictionary<string, string> Environment(AgentFolder folder) => new(StringComparer.Ordinal)
    {
        ["GRPC_XDS_BOOTSTRAP"] = folder.Bootstrap,

        // Older releases of gRPC keep TLS and authorization from xDS behind these.
        ["GRPC_XDS_EXPERIMENTAL_SECURITY_SUPPORT"] = "true",
        ["GRPC_XDS_EXPERIMENTAL_RBAC"] = "true",
        ["MESH_CERTIFICATES"] = folder.Certificates,
    };

    private static partial class Log
    {
        [LoggerMessage(4524, LogLevel.Information, "The agent of {ControlPlane} is ready: bootstrap {Bootstrap}, identity {Identity}.")]
        public static partial void Ready(ILogger logger, Uri controlPlane, string bootstrap, string identity);

        [LoggerMessage(4525, LogLevel.Information, "The certificate files of {Id} were replaced; valid until {NotAfter:u}.")]
        public static partial void Written(ILogger logger, SpiffeId id, DateTimeOffset notAfter);

        [LoggerMessage(4526, LogLevel.Error, "The certificate files cannot be replaced: {Reason}")]
        public static partial void NotWritten(ILogger logger, string reason);

        [LoggerMessage(4527, LogLevel.Information, "The workload has left the mesh; the app is told to stop in {Seconds} s.")]
        public static partial void Stopping(ILogger logger, double seconds);

        [LoggerMessage(4528, LogLevel.Warning, "The app has not stopped within {Seconds} s: killed.")]
        public static partial void Killed(ILogger logger, double seconds);
    }
}
