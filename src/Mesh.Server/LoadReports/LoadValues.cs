using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Server.LoadReports;

/// <summary>What was told, and whether something has been told since.</summary>
internal sealed class LoadValues : ILoadReporter
{
    private const int MaxMetrics = 100;
    private const int MaxNameLength = 128;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, double> _metrics = new(StringComparer.Ordinal);
    private double? _cpu;
    private double? _memory;
    private double? _application;
    private double? _requests;
    private double? _errors;
    private int _version;

    /// <summary>Another one whenever something was told.</summary>
    public int Version => Volatile.Read(ref _version);

    public double? CpuUtilization
    {
        get => Get(ref _cpu);
        set => Set(ref _cpu, value, double.MaxValue);
    }

    public double? MemoryUtilization
    {
        get => Get(ref _memory);
        set => Set(ref _memory, value, 1);
    }

    public double? ApplicationUtilization
    {
        get => Get(ref _application);
        set => Set(ref _application, value, double.MaxValue);
    }

    public double? RequestsPerSecond
    {
        get => Get(ref _requests);
        set => Set(ref _requests, value, double.MaxValue);
    }

    public double? ErrorsPerSecond
    {
        get => Get(ref _errors);
        set => Set(ref _errors, value, double.MaxValue);
    }

    public void SetMetric(string name, double? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MaxNameLength, nameof(name));
        lock (_lock)
        {
            if (value is not { } number)
            {
                _metrics.Remove(name);
            }
            else if (!double.IsFinite(number))
            {
                throw new ArgumentException($"{number} is no number to tell.", nameof(value));
            }
            else if (_metrics.Count == MaxMetrics && !_metrics.ContainsKey(name))
            {
                throw new ArgumentException($"There are {MaxMetrics} metrics already.", nameof(name));
            }
            else
            {
                _metrics[name] = number;
            }

            _version++;
        }
    }

    /// <summary>What was told, and where nothing was, what is in <paramref name="measured"/>.</summary>
    public LoadReport Over(in LoadReport measured)
    {
        lock (_lock)
        {
            return new LoadReport(
                _cpu ?? measured.CpuUtilization,
                _memory ?? measured.MemoryUtilization,
                _application ?? measured.ApplicationUtilization,
                _requests ?? measured.RequestsPerSecond,
                _errors ?? measured.ErrorsPerSecond)
            {
                NamedMetrics = _metrics.Count == 0 ? measured.NamedMetrics : [.. _metrics, .. (measured.NamedMetrics ?? []).Where(m => !_metrics.ContainsKey(m.Key))],
            };
        }
    }

    private double? Get(ref double? field)
    {
        lock (_lock)
        {
            return field;
        }
    }

    private void Set(ref double? field, double? value, double most)
    {
        if (value is { } number && !(number >= 0 && number <= most))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, most == 1 ? "It must be 0 to 1." : "It must be a number of 0 or more.");
        }

        lock (_lock)
        {
            field = value;
            _version++;
        }
    }
}
