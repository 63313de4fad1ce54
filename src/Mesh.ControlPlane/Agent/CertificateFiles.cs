using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Agent;

/// <summary>
/// Key, chain and roots for apps that read files. They change together: the three names are links through <c>..data</c>, a link to
/// one of the folders that hold a set, and that link is replaced by a rename, as in the volumes of Kubernetes.
/// </summary>
internal sealed partial class CertificateFiles(string directory)
{
    private const string Current = "..data";
    private const string Next = "..data.new";
    private const string SetPrefix = "..set-";

    private static readonly string[] s_names = ["key.pem", "cert-chain.pem", "root-cert.pem"];

    private readonly Lock _lock = new();
    private string? _last;
    private string? _content;

    public string Key => Path.Combine(directory, s_names[0]);

    public string Chain => Path.Combine(directory, s_names[1]);

    public string Roots => Path.Combine(directory, s_names[2]);

    /// <summary>False: the files hold this already.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="CryptographicException">The key cannot be exported.</exception>
    public bool Write(IdentityState state)
    {
        var chain = Pem([state.Certificate.Leaf, .. state.Certificate.Context.IntermediateCertificates]);
        var roots = Pem(state.Bundle.Roots);
        lock (_lock)
        {
            if (_content == chain + roots)
            {
                return false;
            }

            AtomicFile.CreateSecretDirectory(directory);
            var set = $"{SetPrefix}{Guid.NewGuid():N}";
            var folder = Path.Combine(directory, set);
            AtomicFile.CreateSecretDirectory(folder);
            AtomicFile.WriteSecret(Path.Combine(folder, s_names[0]), KeyOf(state.Certificate));
            AtomicFile.WriteSecret(Path.Combine(folder, s_names[1]), chain);
            AtomicFile.WriteSecret(Path.Combine(folder, s_names[2]), roots);
            PointTo(set);
            RemoveOthers(set);
            (_last, _content) = (set, chain + roots);
            return true;
        }
    }

    private void PointTo(string set)
    {
        var next = Path.Combine(directory, Next);
        File.Delete(next);
        File.CreateSymbolicLink(next, set);

        // File.Move would follow the link and find a folder.
        var current = Path.Combine(directory, Current);
        if (Rename(next, current) != 0)
        {
            throw new IOException($"{current} could not be replaced (errno {Marshal.GetLastPInvokeError()}).");
        }

        foreach (var name in s_names)
        {
            var link = Path.Combine(directory, name);
            if (new FileInfo(link).LinkTarget is null)
            {
                File.Delete(link);
                File.CreateSymbolicLink(link, Path.Combine(Current, name));
            }
        }
    }

    /// <summary>Keeps the set before, which a reader may be in the middle of.</summary>
    private void RemoveOthers(string set)
    {
        foreach (var folder in Directory.EnumerateDirectories(directory, SetPrefix + "*"))
        {
            if (Path.GetFileName(folder) is var name && name != set && name != _last)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static string KeyOf(WorkloadCertificate certificate)
    {
        using var key = (AsymmetricAlgorithm?)certificate.Leaf.GetECDsaPrivateKey() ?? certificate.Leaf.GetRSAPrivateKey()
            ?? throw new CryptographicException("The private key cannot be exported.");
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    private static string Pem(IEnumerable<X509Certificate2> certificates)
    {
        var text = new StringBuilder();
        foreach (var certificate in certificates)
        {
            text.Append(certificate.ExportCertificatePem()).Append('\n');
        }

        return text.ToString();
    }

    [LibraryImport("libc", EntryPoint = "rename", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Rename(string from, string to);
}
