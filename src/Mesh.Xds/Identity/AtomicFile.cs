using System.Runtime.InteropServices;
using System.Text;

namespace ProxylessMesh.Xds.Identity;

/// <summary>Files that are there whole or not at all, and that only those who may read them ever could, not even while they are written.</summary>
internal static partial class AtomicFile
{
    private const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Public = Secret | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode SecretDirectory = Secret | UnixFileMode.UserExecute;

    /// <summary>Replaces a file of mode 0600.</summary>
    public static void WriteSecret(string path, string text) => WriteSecret(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Replaces a file of mode 0600.</summary>
    public static void WriteSecret(string path, byte[] content) => WriteSecret(path, file => file.Write(content));

    /// <summary>Replaces a file of mode 0600 by what is written to the stream.</summary>
    public static void WriteSecret(string path, Action<Stream> write) => Write(path, write, Secret, overwrite: true);

    /// <summary>Replaces a file of mode 0644.</summary>
    public static void WritePublic(string path, string text) => Write(path, text, Public, overwrite: true);

    /// <summary>Makes a file of mode 0600; false when there is one already, which stays as it is.</summary>
    public static bool TryCreateSecret(string path, string text)
    {
        try
        {
            Write(path, text, Secret, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    /// <summary>Makes the directory if it is missing, and closes it to everyone else (0700).</summary>
    public static void CreateSecretDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, SecretDirectory);
        if (File.GetUnixFileMode(path) != SecretDirectory)
        {
            File.SetUnixFileMode(path, SecretDirectory);
        }
    }

    private static void Write(string path, string text, UnixFileMode mode, bool overwrite) =>
        Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)), mode, overwrite);

    private static void Write(string path, Action<Stream> write, UnixFileMode mode, bool overwrite)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        try
        {
            using (var file = new FileStream(temporary, options))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            if (overwrite)
            {
                File.Move(temporary, path, overwrite: true);
            }
            else
            {
                Place(temporary, path);
            }
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    // File.Move without overwriting looks first and then renames on Unix, so two processes may both believe that they were
    // first; a hard link is made by exactly one of them.
    private static void Place(string temporary, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            File.Move(temporary, path, overwrite: false);
        }
        else if (Link(temporary, path) != 0)
        {
            throw new IOException($"{path} could not be made (errno {Marshal.GetLastPInvokeError()}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Link(string existing, string added);
}
