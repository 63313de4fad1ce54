namespace ProxylessMesh.Testing;

/// <summary>Which foreign programs are installed. CI installs those that tests talk to, so there nothing is skipped: their absence is a failure.</summary>
public static class ToolPresence
{
    private static readonly string[] Extra = ["/usr/sbin", "/usr/local/sbin"];

    /// <summary>Null: tests that need them run.</summary>
    /// <param name="tools">Names of programs and of the packages that hold them.</param>
    public static string? SkipReason(params string[] tools)
    {
        var missing = tools.Where(t => Find(t) is null).ToList();
        return missing.Count == 0 || Environment.GetEnvironmentVariable("CI") == "true"
            ? null
            : $"not installed: apt-get install {string.Join(' ', missing)}";
    }

    /// <summary>Where a program is, or null.</summary>
    public static string? Find(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Concat(Extra)
        .SelectMany(directory => new[] { Path.Combine(directory, tool), Path.Combine(directory, tool + ".exe") })
        .FirstOrDefault(File.Exists);
}
