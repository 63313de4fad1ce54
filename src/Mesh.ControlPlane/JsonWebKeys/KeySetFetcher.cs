using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.ControlPlane.JsonWebKeys;

/// <summary>
/// Gets the keys of issuers over HTTP: bounded in size and time, without proxy, cookies and redirects, and never from a blocked
/// network, which is looked at when the connection is made, so that no name can change its meaning in between.
/// </summary>
internal sealed class KeySetFetcher : IDisposable
{
    private const int MaxConfigurationBytes = 64 * 1024;

    private readonly HttpClient _http;

    public KeySetFetcher(KeySetLimits limits)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 32,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
            ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, limits, cancellationToken),
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = JsonWebKeySet.MaxBytes };
    }

    /// <summary>The set as JSON, with at least one usable key.</summary>
    /// <exception cref="KeySetException">Why there is none, in a sentence.</exception>
    public async Task<string> FetchAsync(KeySetAddress address, CancellationToken cancellationToken)
    {
        try
        {
            var uri = address.Discover ? await DiscoverAsync(address.Uri, cancellationToken).ConfigureAwait(false) : new Uri(address.Uri);
            var json = await GetAsync(uri, cancellationToken).ConfigureAwait(false);
            return JsonWebKeySet.TryParse(json, out _, out var error)
                ? System.Text.Encoding.UTF8.GetString(json)
                : throw new KeySetException($"the answer of {uri} {error}");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException or FormatException or ArgumentException or NotSupportedException)
        {
            throw new KeySetException(failure.InnerException is KeySetException inner ? inner.Message : failure.Message, failure);
        }
    }

    public void Dispose() => _http.Dispose();

    // OpenID Connect Discovery 1.0, sections 4.1 and 4.3: the configuration must be that of the issuer who was asked for.
    private async Task<Uri> DiscoverAsync(string issuer, CancellationToken cancellationToken)
    {
        var configuration = new Uri(issuer.TrimEnd('/') + "/.well-known/openid-configuration");
        var json = await GetAsync(configuration, cancellationToken).ConfigureAwait(false);
        if (json.Length > MaxConfigurationBytes || !StrictJson.TryReadObject(json, out var root))
        {
            throw new KeySetException($"the answer of {configuration} is not a JSON object of at most {MaxConfigurationBytes / 1024} KiB");
        }

        if (Text(root, "issuer") != issuer)
        {
            throw new KeySetException($"{configuration} speaks for another issuer");
        }

        return Text(root, "jwks_uri") is { } text && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new KeySetException($"{configuration} has no jwks_uri with an http or https URL");
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private async Task<byte[]> GetAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            // A redirect would be followed to wherever the server likes: none is.
            throw new KeySetException($"{uri} answered {(int)response.StatusCode}");
        }

        return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, KeySetLimits limits, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, cancellationToken).ConfigureAwait(false);
        var allowed = Array.FindAll(addresses, a => !limits.IsBlocked(a));
        if (allowed.Length == 0)
        {
            throw new KeySetException($"{target.Host} leads only to addresses that keys are not fetched from");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
