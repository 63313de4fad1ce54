namespace ProxylessMesh.ControlPlane.Sources.Files;

/// <summary>By which an unchanged file is known without reading it. Links count by what they lead to.</summary>
internal readonly record struct FileStamp(string Target, long Length, DateTime Written)
{
    /// <summary>File systems keep times as coarsely as 2 s: two writes within it may look like one.</summary>
    private static readonly TimeSpan CoarsestClock = TimeSpan.FromSeconds(3);

    /// <summary>Null when the file can't be looked at, or when it was written so lately that a further write might not show.</summary>
    public static FileStamp? Of(string path, DateTimeOffset now)
    {
        try
        {
            var entry = new FileInfo(path);

            // What is no link, and that is nearly everything, is looked at once and not asked for a target.
            var target = entry.Attributes.HasFlag(FileAttributes.ReparsePoint) ? entry.ResolveLinkTarget(returnFinalTarget: true) as FileInfo : entry;
            return target is { Exists: true } && now - target.LastWriteTimeUtc > CoarsestClock
                ? new FileStamp(target.FullName, target.Length, target.LastWriteTimeUtc)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
