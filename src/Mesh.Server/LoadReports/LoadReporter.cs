using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Server.LoadReports;

/// <summary>The load of the process: what the app tells, and what is measured where it tells nothing.</summary>
internal sealed class LoadReporter(IInboundMesh mesh)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private volatile Written? _written;

    /// <summary>The app's.</summary>
    public LoadValues Told { get; } = new();

    public ProcessLoad Measured { get; } = new(mesh.Time);

    public LoadReport Current() => Told.Over(Measured.Current());

    /// <summary>The value of endpoint-load-metrics-bin. The same one serves all responses of a second, unless the app tells something new.</summary>
    public string Header()
    {
        var version = Told.Version;
        var now = mesh.Time.GetTimestamp();
        if (_written is { } written && written.Version == version && mesh.Time.GetElapsedTime(written.At, now) < Fresh)
        {
            return written.Header;
        }

        var report = Current();
        var header = LoadReportMessages.ToHeader(in report);
        _written = new Written(header, now, version);
        return header;
    }

    /// <summary>Of one response, about which the app has told more.</summary>
    public string Header(LoadValues ofRequest)
    {
        var report = ofRequest.Over(Current());
        return LoadReportMessages.ToHeader(in report);
    }

    private sealed record Written(string Header, long At, int Version);
}
