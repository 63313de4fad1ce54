using System.Collections.Immutable;
using System.Threading.Channels;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Sources.Files.LastGood;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Sources.Files;

/// <summary>
/// A folder of YAML files, watched. Changes are read after a short quiet time; a slow rescan finds what the system did not
/// report. What of it is used, <see cref="AcceptedConfig"/> decides.
/// </summary>
internal sealed partial class FileConfigSource : IConfigSource
{
    private readonly string _root;
    private readonly MeshSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<FileConfigSource> _logger;
    private readonly FileSourceOptions _options;
    private readonly ConfigFolder _folder;
    private readonly ProblemLog _problemLog;
    private readonly CancellationTokenSource _stop = new();

    // One waiting signal is enough: whoever reads it looks at everything.
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private volatile AcceptedConfig _accepted = AcceptedConfig.Empty;
    private FolderWatcher? _watcher;
    private ITimer? _rescan;
    private Task _loop = Task.CompletedTask;

    public FileConfigSource(string root, MeshSettings settings, TimeProvider time, ILogger<FileConfigSource> logger, FileSourceOptions? options = null)
    {
        _root = Path.GetFullPath(root);
        _settings = settings;
        _time = time;
        _logger = logger;
        _options = options ?? FileSourceOptions.Default;
        _folder = new ConfigFolder(_root, _options, time);
        _problemLog = new ProblemLog(logger);
    }

    /// <inheritdoc/>
    public event Action<ConfigSnapshot>? Changed;

    /// <summary>What was in use before this process; null = nothing is known of that.</summary>
    public LastGoodConfig? LastGood { get; init; }

    /// <summary>Objects that are in use since the start because they were before, while their file holds something else that is not valid.</summary>
    public ImmutableArray<MeshObject> Restored { get; private set; } = [];

    /// <inheritdoc/>
    public ConfigSnapshot Current => _accepted.Snapshot;

    /// <inheritdoc/>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_root))
        {
            throw new DirectoryNotFoundException($"The configuration folder {_root} does not exist.");
        }

        // Watching begins before reading, so that no change falls between the two.
        Watch();
        await Task.Run(ReadFirst, cancellationToken).ConfigureAwait(false);
        Log.Watching(_logger, _root, Current.Objects.Length);
        _rescan = _time.CreateTimer(static state => ((FileConfigSource)state!).Signal(), this, NextLook, _options.Rescan);
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _watcher?.Dispose();
        if (_rescan is not null)
        {
            await _rescan.DisposeAsync().ConfigureAwait(false);
        }

        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private TimeSpan NextLook => _folder.IsUnsettled ? _options.ConfirmAbsence : _options.Rescan;

    private void Watch()
    {
        try
        {
            _watcher = new FolderWatcher(_root, Signal);
        }
        catch (IOException e)
        {
            Log.CannotWatch(_logger, e, _root, _options.Rescan);
        }
    }

    private void Signal() => _signals.Writer.TryWrite(true);

    private async Task RunAsync()
    {
        try
        {
            while (await _signals.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
            {
                await SettleAsync().ConfigureAwait(false);
                TryRead();
                _rescan!.Change(NextLook, _options.Rescan);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The source is being disposed.
        }
    }

    private async Task SettleAsync()
    {
        var begun = _time.GetTimestamp();
        do
        {
            _signals.Reader.TryRead(out _);
            await Task.Delay(_options.Debounce, _time, _stop.Token).ConfigureAwait(false);
        }
        while (_signals.Reader.Count > 0 && _time.GetElapsedTime(begun) < _options.LongestDebounce);
    }

    private void TryRead()
    {
        try
        {
            Read();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever a file held, the next edit must still be seen.
            Log.ReadFailed(_logger, e, _root);
        }
    }

    private void ReadFirst()
    {
        if (LastGood is not null)
        {
            _accepted = AcceptedConfig.Empty.Next(LastGood.Load(), [], _settings);
            _folder.Remembered = LastGood.Files;
        }

        var before = _accepted.Snapshot.Objects.ToHashSet<MeshObject>(ReferenceEqualityComparer.Instance);
        Read();
        Restored = [.. Current.Objects.Where(before.Contains)];
        if (!Restored.IsEmpty)
        {
            Log.Restored(_logger, Restored.Length, string.Join(", ", Restored.Select(o => o.Meta.Position.File).Distinct().Take(10)));
        }
    }

    private void Read()
    {
        var before = _accepted.Snapshot;
        var files = _folder.Scan();
        _accepted = _accepted.Next(files, _folder.Problems, _settings);
        var now = _accepted.Snapshot;
        _problemLog.Report(now.Problems);
        if (now.Objects.AsSpan().SequenceEqual(before.Objects.AsSpan()) && now.Problems.AsSpan().SequenceEqual(before.Problems.AsSpan()))
        {
            return;
        }

        Tell(now);
        LastGood?.Save(files, _accepted);
    }

    private void Tell(ConfigSnapshot now)
    {
        foreach (var listener in Delegate.EnumerateInvocationList(Changed))
        {
            try
            {
                listener(now);
            }
            catch (Exception e)
            {
                // One listener's mistake must end neither the watching nor what the others learn.
                Log.ListenerFailed(_logger, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4000, LogLevel.Information, "Watching configuration in {Folder}: {Objects} objects")]
        public static partial void Watching(ILogger logger, string folder, int objects);

        [LoggerMessage(4001, LogLevel.Warning, "The system can't watch {Folder}; it is read every {Interval} instead")]
        public static partial void CannotWatch(ILogger logger, Exception reason, string folder, TimeSpan interval);

        [LoggerMessage(4002, LogLevel.Error, "A listener of configuration changes failed")]
        public static partial void ListenerFailed(ILogger logger, Exception reason);

        [LoggerMessage(4003, LogLevel.Error, "Reading {Folder} failed; the last good configuration stays in use")]
        public static partial void ReadFailed(ILogger logger, Exception reason, string folder);

        [LoggerMessage(4210, LogLevel.Warning, "{Count} objects are as they were before the restart, because what their files hold now is not valid: {Files}")]
        public static partial void Restored(ILogger logger, int count, string files);
    }
}
