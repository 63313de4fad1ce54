using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Bootstrap;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.ControlPlane.Explain;

/// <summary>What a running control plane sends of a service, got as a client gets it. Nothing is registered: this client listens nowhere.</summary>
internal sealed class LiveService(XdsServerConfig server, TimeProvider time)
{
    /// <exception cref="TimeoutException">No answer; the message says why.</exception>
    public async Task<ServiceState> LoadAsync(ProxyView caller, string listenerName, TimeSpan patience, CancellationToken cancellationToken)
    {
        var client = new XdsClient(
            [BootstrapTransport.Create(server, new GrpcChannelSettings { ConnectTimeout = patience }, time)],
            Node(caller),
            time,
            SystemRandomSource.Instance,
            NullLoggerFactory.Instance);
        await using (client.ConfigureAwait(false))
        {
            var known = new TaskCompletionSource<ServiceState>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var watch = new ServiceWatch(client, listenerName, state => known.TrySetResult(state));
            try
            {
                var state = await known.Task.WaitAsync(patience, time, cancellationToken).ConfigureAwait(false);
                return state.Error is { Kind: ResourceErrorKind.Unreachable } error ? throw new TimeoutException(error.Message) : state;
            }
            catch (TimeoutException) when (!known.Task.IsCompleted)
            {
                var status = await client.GetStatusAsync().ConfigureAwait(false);
                throw new TimeoutException($"{server.Address} did not answer within {patience.TotalSeconds} s{(status.LastError is { } reason ? $": {reason}" : "")}");
            }
        }
    }

    private static NodeInfo Node(ProxyView caller)
    {
        var metadata = new JsonObject
        {
            ["GENERATOR"] = "mesh",
            ["NAMESPACE"] = caller.Namespace,
            ["WORKLOAD_NAME"] = caller.WorkloadName,
        };
        if (caller.Labels.Count > 0)
        {
            metadata["LABELS"] = new JsonObject(caller.Labels.Entries.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)));
        }
        else
        {
            metadata[RegisteredLikeness.MetadataKey] = "true";
        }

        return new NodeInfo(
            $"sidecar~127.0.0.1~{caller.WorkloadName}-explain.{caller.Namespace}~{caller.Namespace}.svc.cluster.local",
            $"{caller.WorkloadName}.{caller.Namespace}",
            caller.Locality,
            metadata);
    }
}
