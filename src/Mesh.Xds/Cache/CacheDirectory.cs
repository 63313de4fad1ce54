using System.Security.Cryptography;
using System.Text;

namespace ProxylessMesh.Xds.Cache;

/// <summary>The cache's directory and the files in it. All methods throw what the file system throws.</summary>
internal sealed class CacheDirectory
{
    private const string Extension = ".resource";
    private const string TemporaryExtension = ".tmp";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _path;

    /// <summary>Opens the directory, makes it if needed, and closes it to everybody but its owner.</summary>
    public CacheDirectory(string path)
    {
        _path = Path.GetFullPath(path);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_path);
        }
        else
        {
            Directory.CreateDirectory(_path, OwnerOnly);

            // Whoever may write here decides where calls go, so an existing directory is closed too, or not used.
            File.SetUnixFileMode(_path, OwnerOnly);
        }

        // What a process left behind that died while it wrote.
        foreach (var file in Directory.EnumerateFiles(_path, "*" + TemporaryExtension))
        {
            File.Delete(file);
        }
    }

    public static string FileName(string typeUrl, string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{typeUrl}\n{name}"))) + Extension;

    /// <summary>The resources' files, those written longest ago first.</summary>
    public IEnumerable<(string FileName, long Size)> List() =>
        new DirectoryInfo(_path).EnumerateFiles("*" + Extension).OrderBy(f => f.LastWriteTimeUtc).Select(f => (f.Name, f.Length));

    /// <summary>The file's content, or null when there is none. <paramref name="size"/> is that of the file, the content is read only up to the limit.</summary>
    public byte[]? Read(string fileName, int limit, out long size)
    {
        var file = new FileInfo(Path.Combine(_path, fileName));
        size = file.Exists ? file.Length : 0;
        if (!file.Exists || size > limit)
        {
            return null;
        }

        using var stream = file.OpenRead();
        var bytes = new byte[size];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    /// <summary>Puts the content in place whole: whoever reads finds the old file or the new one.</summary>
    public void Write(string fileName, byte[] content)
    {
        var target = Path.Combine(_path, fileName);
        var temporary = target + TemporaryExtension;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(content);
        }

        File.Move(temporary, target, overwrite: true);
    }

    public void Delete(string fileName) => File.Delete(Path.Combine(_path, fileName));
}
