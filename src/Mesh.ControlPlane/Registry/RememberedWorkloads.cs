using System.Text.Json;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Registry;

/// <summary>
/// Carries the registry over a restart of the control plane. Workloads return one by one, so without it the first to return would
/// be told that the services of all others have no endpoints, and would fail calls that worked while there was no control plane.
/// </summary>
internal sealed partial class RememberedWorkloads : IDisposable
{
    /// <summary>How long a workload may take to return: longer than the longest pause between a client's attempts (120 s and a fifth).</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private const string FileName = "workloads.json";
    private const int MaxFileLength = 64 * 1024 * 1024;
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1);

    private readonly string _file;
    private readonly WorkloadRegistry _registry;
    private readonly TimeProvider _time;
    private readonly ILogger<RememberedWorkloads> _logger;
    private readonly Debouncer _save;
    private readonly Lock _writing = new();
    private ITimer? _patience;
    private bool _disposed;

    /// <param name="dataDirectory">Exists, and is closed to others.</param>
    /// <param name="registry">Empty as yet.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Says what was remembered and what could not be.</param>
    public RememberedWorkloads(string dataDirectory, WorkloadRegistry registry, TimeProvider time, ILogger<RememberedWorkloads> logger)
    {
        _file = Path.Combine(dataDirectory, FileName);
        _registry = registry;
        _time = time;
        _logger = logger;
        _save = new Debouncer(time, s_quiet, s_longest, Save);
    }

    /// <summary>Registers what the last control plane of this data directory knew, and from now on writes down what this one knows.</summary>
    public void Start()
    {
        // A workload that returns replaces its entry, and these registrations then remove nothing.
        var registrations = Load().ConvertAll(_registry.Register);
        _registry.Changed += _save.Signal;
        if (registrations.Count > 0)
        {
            Log.Remembered(_logger, registrations.Count, Patience);
            _patience = _time.CreateTimer(_ => registrations.ForEach(r => r.Dispose()), null, Patience, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Call it before the streams are closed: that this control plane stops does not mean that its workloads do.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _registry.Changed -= _save.Signal;
            _patience?.Dispose();
            _save.Dispose();
            Write();
        }
    }

    private void Save()
    {
        lock (_writing)
        {
            if (!_disposed)
            {
                Write();
            }
        }
    }

    private void Write()
    {
        try
        {
            // One after the other: the whole of them at once, each second while many connect, would be most of what there is in memory.
            var entries = _registry.Current.Select(RememberedWorkload.Of);
            AtomicFile.WriteSecret(_file, file => JsonSerializer.Serialize(file, entries, RememberedWorkloadJson.Default.IEnumerableRememberedWorkload));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // On a timer's thread: whatever a workload calls itself, its description must not end the process.
            Log.NotWritten(_logger, _file, e.Message);
        }
    }

    private List<RegisteredWorkload> Load()
    {
        try
        {
            if (!File.Exists(_file))
            {
                return [];
            }

            using var file = File.OpenRead(_file);
            if (file.Length > MaxFileLength)
            {
                Log.Ignored(_logger, _file, "it is too large");
                return [];
            }

            var entries = JsonSerializer.Deserialize(file, RememberedWorkloadJson.Default.RememberedWorkloadArray) ?? [];
            return [.. entries.OfType<RememberedWorkload>().Select(e => e.ToWorkload())];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            Log.Ignored(_logger, _file, e.Message);
            return [];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4100, LogLevel.Information, "Remembered {Count} workloads from before the restart; those that do not return within {Patience} are removed.")]
        public static partial void Remembered(ILogger logger, int count, TimeSpan patience);

        [LoggerMessage(4101, LogLevel.Warning, "{File} is ignored, so workloads are unknown until they return: {Reason}")]
        public static partial void Ignored(ILogger logger, string file, string reason);

        [LoggerMessage(4102, LogLevel.Warning, "{File} cannot be written, so a restart will not know the workloads: {Reason}")]
        public static partial void NotWritten(ILogger logger, string file, string reason);
    }
}
