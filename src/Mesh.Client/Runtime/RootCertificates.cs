using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Client.Runtime;

/// <summary>The mesh's roots from the file that the operator gave; read anew each time, so that a replaced file counts.</summary>
internal sealed class RootCertificates(string? path)
{
    /// <summary>Null without a file: the machine's roots.</summary>
    /// <exception cref="CryptographicException">The file cannot be read or holds no certificate: nothing is trusted then.</exception>
    public X509Certificate2Collection? Read()
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            return PemCertificates.Read(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CryptographicException($"Mesh:RootCertificateFile {path} cannot be read: {e.Message}", e);
        }
    }
}
