using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Sources.Files;

/// <summary>How a folder is read and watched.</summary>
internal sealed record FileSourceOptions
{
    public static FileSourceOptions Default { get; } = new();

    /// <summary>Quiet time after a change before files are read: a writer may be in the middle of its work.</summary>
    public TimeSpan Debounce { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Changes that never cease are read after this time all the same.</summary>
    public TimeSpan LongestDebounce { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a file must be gone or empty before its objects go: many editors delete or truncate before they write.</summary>
    public TimeSpan ConfirmAbsence { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Files are looked at again this often, for changes that the system did not report (network mounts, full queues).</summary>
    public TimeSpan Rescan { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Files in a folder and all below it.</summary>
    public int MaxFiles { get; init; } = 10_000;

    public YamlLimits Limits { get; init; } = YamlLimits.Default;
}
