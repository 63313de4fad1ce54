namespace Bookinfo.Tour;

/// <summary>A copy of the sample's configuration that the tour edits, so that the user's own stays as it is.</summary>
internal sealed class MeshFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bookinfo-mesh-");

    public MeshFolder(string original)
    {
        foreach (var file in Directory.EnumerateFiles(original, "*.yaml"))
        {
            File.Copy(file, Path.Combine(FullName, Path.GetFileName(file)));
        }
    }

    public string FullName => _folder.FullName;

    /// <summary>Replaces a file as editors do: under another name first, then renamed.</summary>
    public async Task WriteAsync(string file, string yaml, CancellationToken cancellationToken)
    {
        var target = Path.Combine(FullName, file);
        var draft = $"{target}~";
        await File.WriteAllTextAsync(draft, yaml, cancellationToken);
        File.Move(draft, target, overwrite: true);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
