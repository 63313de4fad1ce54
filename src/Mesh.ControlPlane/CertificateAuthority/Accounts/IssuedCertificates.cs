using System.Globalization;
using System.Text;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;

/// <summary>
/// Serial numbers of what was issued, so that all certificates of an account can be revoked: one line for each, in a file for each
/// day on which certificates expire. Files are only ever appended to, by control plane and commands side by side, and go when
/// their day is over.
/// </summary>
internal sealed class IssuedCertificates(string dataDirectory, TimeProvider time) : IDisposable
{
    public const string FolderName = "issued";

    private const string DayFormat = "yyyy-MM-dd";
    private const int MaxLine = 4096;

    private readonly string _folder = Path.Combine(Path.GetFullPath(dataDirectory), FolderName);
    private readonly Lock _lock = new();
    private FileStream? _file;
    private DateTime _day;

    /// <summary>Returns when it is written.</summary>
    /// <exception cref="CertificateAuthorityException">It cannot be; then nothing must be issued.</exception>
    public void Add(SpiffeId id, string serial, DateTimeOffset notAfter)
    {
        var line = Encoding.UTF8.GetBytes($"{serial} {id}\n");
        lock (_lock)
        {
            try
            {
                // One write at the end of the file: those of two processes do not mix.
                FileOf(notAfter.UtcDateTime.Date).Write(line);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CertificateAuthorityException($"{_folder} cannot be used: {e.Message}", e);
            }
        }
    }

    /// <summary>Serial numbers of an account's certificates, a day or less after they expire at the latest.</summary>
    /// <exception cref="CertificateAuthorityException">A file cannot be read.</exception>
    public IReadOnlyList<string> Of(string account)
    {
        try
        {
            return [.. Days().Where(d => d.Day >= Today).SelectMany(d => SerialsIn(d.Path, account)).Distinct()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CertificateAuthorityException($"{_folder} cannot be used: {e.Message}", e);
        }
    }

    public void Dispose() => _file?.Dispose();

    private DateTime Today => time.GetUtcNow().UtcDateTime.Date;

    private FileStream FileOf(DateTime day)
    {
        if (_file is not null && _day == day)
        {
            return _file;
        }

        _file?.Dispose();
        _file = null;
        _ = new DataDirectory(Path.GetDirectoryName(_folder)!);
        AtomicFile.CreateSecretDirectory(_folder);
        foreach (var (path, old) in Days())
        {
            if (old < Today)
            {
                File.Delete(path);
            }
        }

        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _file = new FileStream(Path.Combine(_folder, day.ToString(DayFormat, CultureInfo.InvariantCulture)), options);
        _day = day;
        return _file;
    }

    private IEnumerable<(string Path, DateTime Day)> Days()
    {
        foreach (var path in Directory.Exists(_folder) ? Directory.GetFiles(_folder) : [])
        {
            if (DateTime.TryParseExact(Path.GetFileName(path), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                yield return (path, day);
            }
        }
    }

    // A line that a crash has cut off is passed over: its certificate never left the control plane.
    private static IEnumerable<string> SerialsIn(string path, string account)
    {
        foreach (var line in File.ReadLines(path))
        {
            if (line.Length <= MaxLine && line.Split(' ') is [var serial, var text] && SpiffeId.TryParse(text, out var id) && AccountName.Of(id) == account)
            {
                yield return serial;
            }
        }
    }
}
