namespace ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;

/// <summary>What a file of the data directory says, read anew when it has changed. A look at an unchanged one costs a few system calls.</summary>
/// <param name="directory">Where it is.</param>
/// <param name="name">Of the file, which may be missing.</param>
/// <param name="parse">Of its text; that of a missing file is empty. Throws <see cref="FormatException"/>.</param>
internal sealed class FollowedFile<T>(DataDirectory directory, string name, Func<string, T> parse)
    where T : class
{
    private readonly Lock _lock = new();
    private (string? Path, DateTime Written, long Length) _stamp;
    private T? _value;
    private string? _problem;

    /// <summary>Why the newest text is not in force, or null.</summary>
    public string? Problem
    {
        get
        {
            lock (_lock)
            {
                return _problem;
            }
        }
    }

    /// <summary>Of the newest text that could be read.</summary>
    /// <exception cref="CertificateAuthorityException">The first one could not.</exception>
    public T Current
    {
        get
        {
            lock (_lock)
            {
                // The stamp is taken first: what is written while we read is seen by the next look.
                var stamp = Stamp();
                if (_value is null || stamp != _stamp)
                {
                    _stamp = stamp;
                    Read();
                }

                return _value!;
            }
        }
    }

    private void Read()
    {
        try
        {
            _value = parse(directory.Has(name) ? directory.Read(name) : "");
            _problem = null;
        }
        catch (Exception e) when (e is FormatException or CertificateAuthorityException)
        {
            // The last good one stays: a slip of the pen must not lift a ban.
            _problem = e is FormatException ? $"{directory.PathOf(name)} is damaged: {e.Message}" : e.Message;
            if (_value is null)
            {
                throw new CertificateAuthorityException(_problem, e);
            }
        }
    }

    // Of what a link leads to: Kubernetes swaps a mounted folder by a link, and the file's own never changes.
    private (string? Path, DateTime Written, long Length) Stamp()
    {
        try
        {
            var file = new FileInfo(directory.PathOf(name));
            file = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return file.Exists ? (file.FullName, file.LastWriteTimeUtc, file.Length) : default;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
