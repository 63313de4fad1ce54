using Envoy.Service.Status.V3;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.ClientStatus;

/// <summary>The messages of a call of ClientStatusDiscoveryService: each request is answered with how things stand then.</summary>
internal static class ClientStatusExchange
{
    private const int MaxMessageSize = 64 * 1024;

    public static string FetchPath => WellKnownMethods.FetchClientStatus.Path;

    public static string StreamPath => WellKnownMethods.StreamClientStatus.Path;

    /// <returns>How many requests were answered.</returns>
    /// <exception cref="GrpcException">A request that cannot be answered.</exception>
    public static async Task<int> AnswerAsync(XdsClient client, Stream requests, Stream responses, bool isStream, CancellationToken cancellationToken)
    {
        var frames = new GrpcFrameReader(requests, MaxMessageSize);
        var answered = 0;
        while (await frames.ReadAsync(ClientStatusRequest.Parser, cancellationToken).ConfigureAwait(false) is { } request)
        {
            await GrpcFrameWriter.WriteAsync(responses, await AnswerAsync(client, request).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            answered++;
            if (!isStream)
            {
                break;
            }
        }

        return answered;
    }

    private static async Task<ClientStatusResponse> AnswerAsync(XdsClient client, ClientStatusRequest request)
    {
        // gRFC A40: a client is only asked about itself.
        if (request.NodeMatchers.Count > 0)
        {
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "node_matchers are not supported: this is one node");
        }

        return ClientStatusMessage.Create(await client.GetStatusAsync().ConfigureAwait(false), withContents: !request.ExcludeResourceContents);
    }
}
