using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>The directory of the authority's secrets. <c>mesh serve</c> and <c>mesh token create</c> may both be first to use it.</summary>
internal sealed class DataDirectory
{
    /// <summary>A longer file is not read.</summary>
    public const int MaxFileLength = 256 * 1024;

    private readonly string _path;

    /// <exception cref="CertificateAuthorityException">It cannot be made, or is not ours.</exception>
    public DataDirectory(string path)
    {
        _path = Path.GetFullPath(path);
        Guard<object?>(_path, () =>
        {
            AtomicFile.CreateSecretDirectory(_path);
            return null;
        });
    }

    private DataDirectory(string path, bool exists)
    {
        _path = exists ? path : throw new CertificateAuthorityException($"{path} is no folder");
    }

    /// <summary>A folder that is somebody else's, such as a mounted secret: it stays as it is.</summary>
    /// <exception cref="CertificateAuthorityException">There is none.</exception>
    public static DataDirectory Of(string path) => new(Path.GetFullPath(path), Directory.Exists(path));

    public string PathOf(string name) => Path.Combine(_path, name);

    public bool Has(string name) => File.Exists(PathOf(name));

    /// <exception cref="CertificateAuthorityException">It is missing, unreadable or far too large.</exception>
    public string Read(string name) => Guard(PathOf(name), () => new FileInfo(PathOf(name)).Length <= MaxFileLength
        ? File.ReadAllText(PathOf(name))
        : throw new IOException($"it is larger than {MaxFileLength} bytes"));

    /// <summary>Mode 0600; false when there is one already, which stays as it is.</summary>
    public bool TryCreateSecret(string name, string text) => Guard(PathOf(name), () => AtomicFile.TryCreateSecret(PathOf(name), text));

    /// <summary>Mode 0644.</summary>
    public void WritePublic(string name, string text) => Guard<object?>(PathOf(name), () =>
    {
        AtomicFile.WritePublic(PathOf(name), text);
        return null;
    });

    /// <summary>Replaces a file of mode 0600.</summary>
    public void WriteSecret(string name, string text) => Guard<object?>(PathOf(name), () =>
    {
        AtomicFile.WriteSecret(PathOf(name), text);
        return null;
    });

    public void Delete(string name) => Guard<object?>(PathOf(name), () =>
    {
        File.Delete(PathOf(name));
        return null;
    });

    private static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CertificateAuthorityException($"{path} cannot be used: {e.Message}", e);
        }
    }
}
