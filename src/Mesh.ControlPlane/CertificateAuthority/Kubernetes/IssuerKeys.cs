using ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;
using ProxylessMesh.ControlPlane.JsonWebKeys;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.ControlPlane.CertificateAuthority.Kubernetes;

/// <summary>The keys of one issuer, of a file that is read anew when it changes, or of a URL that is asked again and again. The last good ones stay.</summary>
internal sealed class IssuerKeys : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly FollowedFile<JsonWebKeySet>? _file;
    private readonly KeySetFetcher? _fetcher;
    private readonly KeySetWatch? _watch;
    private volatile JsonWebKeySet? _fetched;

    private IssuerKeys(FollowedFile<JsonWebKeySet> file) => _file = file;

    private IssuerKeys(Uri address, TimeProvider time, ILogger logger)
    {
        var limits = new KeySetLimits();
        _fetcher = new KeySetFetcher(limits);
        _watch = new KeySetWatch(new KeySetAddress(address.AbsoluteUri, Discover: false), s_timeout, limits, _fetcher.FetchAsync, Take, time, logger);
    }

    /// <summary>Null until the first answer of a URL.</summary>
    public JsonWebKeySet? Current => _file is null ? _fetched : _file.Current;

    /// <exception cref="CertificateAuthorityException">The file is missing or holds no key, or the URL is plaintext.</exception>
    public static IssuerKeys Open(string place, TimeProvider time, ILogger logger)
    {
        if (Uri.TryCreate(place, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp))
        {
            // Whoever can put himself between could make himself anybody.
            if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
            {
                throw new CertificateAuthorityException($"keys are not fetched from {address}: write https, or download them and give the file");
            }

            var fetched = new IssuerKeys(address, time, logger);
            fetched._watch!.Start();
            return fetched;
        }

        var path = Path.GetFullPath(place);
        var keys = new IssuerKeys(new FollowedFile<JsonWebKeySet>(DataDirectory.Of(Path.GetDirectoryName(path)!), Path.GetFileName(path), Parse));
        _ = keys.Current;
        return keys;
    }

    public void Dispose()
    {
        _watch?.Dispose();
        _fetcher?.Dispose();
    }

    private void Take() => _fetched = JsonWebKeySet.TryParse(_watch!.Current!, out var set, out _) ? set : _fetched;

    private static JsonWebKeySet Parse(string text) => JsonWebKeySet.TryParse(text, out var set, out var error) ? set : throw new FormatException(error);
}
