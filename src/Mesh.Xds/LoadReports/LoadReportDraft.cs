namespace ProxylessMesh.Xds.LoadReports;

/// <summary>A report that is put together name by name; names that it does not know are passed over.</summary>
internal ref struct LoadReportDraft(bool withNamed)
{
    private double _cpu;
    private double _memory;
    private double _application;
    private double _requests;
    private double _errors;
    private List<KeyValuePair<string, double>>? _named;

    public readonly LoadReport Report => new(_cpu, _memory, _application, _requests, _errors) { NamedMetrics = _named?.ToArray() };

    public void Set(ReadOnlySpan<char> name, double value)
    {
        switch (name)
        {
            case LoadReportNames.CpuUtilization:
                _cpu = value;
                break;
            case LoadReportNames.MemoryUtilization:
                _memory = value;
                break;
            case LoadReportNames.ApplicationUtilization:
                _application = value;
                break;
            case LoadReportNames.RequestsPerSecond:
                _requests = value;
                break;
            case LoadReportNames.ErrorsPerSecond:
                _errors = value;
                break;
            default:
                if (name.StartsWith(LoadReportNames.NamedPrefix, StringComparison.Ordinal))
                {
                    SetNamed(name[LoadReportNames.NamedPrefix.Length..].ToString(), value);
                }

                break;
        }
    }

    public void SetNamed(string name, double value)
    {
        if (withNamed && (_named?.Count ?? 0) < LoadReportWire.MaxNamedMetrics)
        {
            (_named ??= []).Add(new(name, value));
        }
    }
}
