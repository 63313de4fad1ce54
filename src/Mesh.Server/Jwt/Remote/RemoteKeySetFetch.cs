using System.Net;
using System.Text;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Server.Jwt.Remote;

/// <summary>
/// Gets the keys of one address: through the mesh, as an app would call the host of the cluster; where the URI is https, with the
/// process's own TLS. Nothing is followed.
/// </summary>
internal sealed class RemoteKeySetFetch(RemoteKeySetConfig config, Func<HttpMessageInvoker> http, TimeProvider time)
{
    private readonly Uri _uri = new(config.ToString());

    /// <summary>All attempts and the pauses between them.</summary>
    public TimeSpan Longest { get; } = (config.Timeout * (config.Retries + 1)) + (config.MaxBackOff * config.Retries);

    /// <exception cref="KeySetException">Why there are none, after the last attempt.</exception>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var pause = config.BackOff;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await TryAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (KeySetException) when (attempt < config.Retries)
            {
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
                pause = pause * 2 < config.MaxBackOff ? pause * 2 : config.MaxBackOff;
            }
        }
    }

    private async Task<string> TryAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(config.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _uri);
            using var response = await http().SendAsync(request, either.Token).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new KeySetException($"it answers {(int)response.StatusCode}");
            }

            var json = await ReadAsync(response, either.Token).ConfigureAwait(false);
            return JsonWebKeySet.TryParse(json.Span, out _, out var error) ? Encoding.UTF8.GetString(json.Span) : throw new KeySetException($"the answer {error}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new KeySetException(e.Message, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new KeySetException($"no answer within {config.Timeout.TotalSeconds:0.###} s", e);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[JsonWebKeySet.MaxBytes + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return buffer.AsMemory(0, length);
    }
}
