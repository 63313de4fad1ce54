using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Client.TlsOrigination;

/// <summary>Certificates in PEM files, looked at for each new connection and read again when they have changed.</summary>
internal sealed class CertificateFiles
{
    /// <summary>A configuration names a handful; more means that somebody invents names.</summary>
    private const int MaxEntries = 256;

    private readonly ConcurrentDictionary<string, Entry<X509Certificate2Collection>> _roots = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string, string), Entry<SslStreamCertificateContext>> _identities = new();

    /// <exception cref="CryptographicException">The file cannot be read or holds no certificate.</exception>
    public X509Certificate2Collection Roots(string path) =>
        Get(_roots, path, Stamp(path), () => PemCertificates.Read(Text(path)));

    /// <exception cref="CryptographicException">A file cannot be read, or certificate and key do not belong together.</exception>
    public SslStreamCertificateContext Identity(string certificatePath, string keyPath) =>
        Get(_identities, (certificatePath, keyPath), $"{Stamp(certificatePath)} {Stamp(keyPath)}", () => Load(certificatePath, keyPath));

    private static SslStreamCertificateContext Load(string certificatePath, string keyPath)
    {
        var chain = PemCertificates.Read(Text(certificatePath));
        var key = Text(keyPath);
        X509Certificate2 leaf;
        try
        {
            leaf = X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            throw new CryptographicException($"{keyPath} holds no key of the certificate in {certificatePath}", e);
        }

        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }

    private static TValue Get<TKey, TValue>(ConcurrentDictionary<TKey, Entry<TValue>> cache, TKey key, string stamp, Func<TValue> load)
        where TKey : notnull
    {
        if (cache.TryGetValue(key, out var entry) && entry.Stamp == stamp)
        {
            return entry.Value;
        }

        var value = load();
        if (cache.Count >= MaxEntries)
        {
            cache.Clear();
        }

        cache[key] = new Entry<TValue>(stamp, value);
        return value;
    }

    private static string Stamp(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? $"{file.LastWriteTimeUtc.Ticks}:{file.Length}" : "";
    }

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CryptographicException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private sealed record Entry<T>(string Stamp, T Value);
}
