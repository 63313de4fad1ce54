namespace ProxylessMesh.Client.NameResolution;

/// <summary>The machine's resolver configuration. Read for every look-up, which is rare: a changed file counts at once.</summary>
internal class ResolverFiles
{
    /// <summary>Nobody keeps more in them; a mistake must not fill the memory.</summary>
    private const int MaxLength = 4 * 1024 * 1024;

    public virtual ResolverSettings Settings => OperatingSystem.IsWindows() ? ResolverSettings.None : ResolverSettings.Parse(Read("/etc/resolv.conf"));

    public virtual string Hosts => OperatingSystem.IsWindows() ? "" : Read("/etc/hosts");

    private static string Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists && file.Length <= MaxLength ? File.ReadAllText(path) : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
