using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.CircuitBreaking;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Mirroring;

/// <summary>
/// Sends a share of a route's requests to another cluster as well, and forgets them: no retries, no part in outlier
/// detection, and nothing that happens to a mirrored request reaches the call it copies (Envoy, request_mirror_policies).
/// </summary>
internal sealed class RequestMirror(MirrorConfig config, ClusterState cluster, TimeSpan routeTimeout)
{
    /// <summary>Mirrored requests under way in this process; further ones are not sent.</summary>
    public const int MaxOutstanding = 128;

    private const int Million = 1_000_000;

    /// <summary>Of routes without a timeout (Envoy's default): a mirror that hangs must not keep its place for ever.</summary>
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(15);

    private static int s_outstanding;

    private readonly TimeSpan _timeout = routeTimeout > TimeSpan.Zero ? routeTimeout : DefaultTimeout;

    /// <summary>Of the process.</summary>
    public static int Outstanding => Volatile.Read(ref s_outstanding);

    public void Send(HttpRequestMessage request, CallContext context)
    {
        if (config.PerMillion < Million && context.Random.Next(Million) >= config.PerMillion)
        {
            return;
        }

        if (Interlocked.Increment(ref s_outstanding) > MaxOutstanding)
        {
            Interlocked.Decrement(ref s_outstanding);
            return;
        }

        HttpRequestMessage? copy = null;
        try
        {
            copy = MirrorRequest.Copy(request);
        }
#pragma warning disable CA1031 // A body that cannot be written fails the call itself, with the caller's own exception.
        catch (Exception)
#pragma warning restore CA1031
        {
            copy = null;
        }

        if (copy is null)
        {
            Interlocked.Decrement(ref s_outstanding);
            return;
        }

        if (Host(copy) is { } host)
        {
            copy.Headers.Host = host;
        }

        // Without the caller's execution context: neither its activity nor its locals are the mirror's.
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Mirror.RunAsync(state.Copy, state.Time), (Mirror: this, Copy: copy, context.Time), preferLocal: false);
    }

    private string? Host(HttpRequestMessage copy)
    {
        var host = config.Host;
        if (!config.ShadowSuffix)
        {
            return host;
        }

        host ??= copy.Headers.Host ?? copy.RequestUri!.Authority;
        var colon = host.LastIndexOf(':');
        return colon > host.LastIndexOf(']') ? $"{host[..colon]}-shadow{host[colon..]}" : $"{host}-shadow";
    }

    private async Task RunAsync(HttpRequestMessage copy, TimeProvider time)
    {
        try
        {
            using var timer = new CancellationTokenSource(_timeout, time);
            var ownConnection = copy.Version.Major < 2 && cluster.Model.Config?.ConnectionPool.UpgradeToHttp2 != true;
            var admission = await cluster.EnterAsync(ownConnection, timer.Token).ConfigureAwait(false);
            if (admission is Admission.Admitted or Admission.AdmittedOnConnection)
            {
                await SendAsync(copy, admission == Admission.AdmittedOnConnection, timer.Token).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Nobody waits for a mirrored request, so there is nobody to tell.
        catch (Exception)
#pragma warning restore CA1031
        {
            return;
        }
        finally
        {
            copy.Dispose();
            Interlocked.Decrement(ref s_outstanding);
        }
    }

    private async Task SendAsync(HttpRequestMessage copy, bool onConnection, CancellationToken token)
    {
        var endpoint = cluster.Pick(default(TriedEndpoints));
        if (endpoint is null)
        {
            cluster.Breaker.Leave(onConnection);
            return;
        }

        try
        {
            using var response = await endpoint.SendAsync(copy, token).ConfigureAwait(false);
            await response.Content.CopyToAsync(Stream.Null, token).ConfigureAwait(false);
        }
        finally
        {
            endpoint.EndRequest(onConnection);
        }
    }
}
