using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Grpc.Health.V1;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Agent.Health;

/// <summary>
/// Asks the app as a caller would: under the address where others call it, and over mutual TLS, as itself, where it terminates that.
/// </summary>
/// <param name="target">What to ask.</param>
/// <param name="address">Where.</param>
/// <param name="identity">Null: plaintext.</param>
/// <param name="time">The clock.</param>
internal sealed class HealthProbe(HealthTarget target, IPAddress address, IIdentitySource? identity, TimeProvider time)
{
    /// <summary>Null: it is well; else what is wrong.</summary>
    public async Task<string?> CheckAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return target.Kind switch
            {
                HealthCheckKind.Grpc => await AskGrpcAsync(timeout, either.Token).ConfigureAwait(false),
                HealthCheckKind.Http => await AskHttpAsync(either.Token).ConfigureAwait(false),
                _ => await ConnectAsync(either.Token).ConfigureAwait(false),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {timeout.TotalSeconds} s";
        }
        catch (Exception e) when (e is SocketException or HttpRequestException or GrpcException or IOException)
        {
            return e.Message;
        }
    }

    private async Task<string?> ConnectAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(address, target.Port), cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async Task<string?> AskHttpAsync(CancellationToken cancellationToken)
    {
        // One for each check: it holds the certificate of the moment, and finds out whether connections are taken.
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null };
        if (identity is not null)
        {
            handler.SslOptions = Tls([SslApplicationProtocol.Http11]);
        }

        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Base, target.Path));
        using var response = await invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return (int)response.StatusCode is >= 200 and < 400 ? null : $"GET {target.Path} answers {(int)response.StatusCode}";
    }

    private async Task<string?> AskGrpcAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var channel = new GrpcChannel(Base, new GrpcChannelSettings { MaxReceiveMessageSize = 4096 }, identity is null ? null : () => Tls([]), time);
        var response = await channel.UnaryAsync(
            WellKnownMethods.CheckHealth, new HealthCheckRequest { Service = target.Path }, new GrpcCallOptions(timeout), cancellationToken).ConfigureAwait(false);
        return response.Status == HealthCheckResponse.Types.ServingStatus.Serving ? null : $"grpc.health.v1 says {response.Status}";
    }

    private Uri Base => new($"{(identity is null ? "http" : "https")}://{new IPEndPoint(address, target.Port)}");

    private SslClientAuthenticationOptions Tls(IReadOnlyList<SslApplicationProtocol> alpn)
    {
        var state = identity!.Current ?? throw new IOException("there is no certificate to show");
        var itself = new StringMatchConfig(StringMatchKind.Exact, state.Certificate.Id.ToString());
        return MeshTls.ForClient(state, new UpstreamTlsConfig("default", "default", [itself], "", []), alpn, time);
    }
}
