using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using ProxylessMesh.ControlPlane.Tests.Grpc;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

/// <summary>A delta stream of which a test writes every request itself.</summary>
internal sealed class DeltaTestClient(GrpcDuplexCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call) : IAsyncDisposable
{
    public Task SendAsync(
        string type,
        string[]? subscribe = null,
        string[]? unsubscribe = null,
        string nonce = "",
        string? error = null,
        Node? node = null,
        Dictionary<string, string>? versions = null)
    {
        var request = new DeltaDiscoveryRequest
        {
            TypeUrl = type,
            ResourceNamesSubscribe = { subscribe ?? [] },
            ResourceNamesUnsubscribe = { unsubscribe ?? [] },
            ResponseNonce = nonce,
            Node = node,
            ErrorDetail = error is null ? null : new Google.Rpc.Status { Code = 3, Message = error },
        };
        request.InitialResourceVersions.Add(versions ?? []);
        return call.WriteAsync(request, CancellationToken.None);
    }

    public Task AckAsync(DeltaDiscoveryResponse response) => SendAsync(response.TypeUrl, nonce: response.Nonce);

    public async Task<DeltaDiscoveryResponse> ReceiveAsync() =>
        await call.ReadAsync(CancellationToken.None).WaitAsync(GrpcTestServer.Patience) ?? throw new InvalidOperationException("The stream ended.");

    /// <summary>"TYPE version: content, content; gone: name", so that a test reads in one line what came.</summary>
    public async Task<string> ReceiveTextAsync() => Describe(await ReceiveAsync());

    public async Task<string> ReceiveAndAckAsync()
    {
        var response = await ReceiveAsync();
        await AckAsync(response);
        return Describe(response);
    }

    public async Task<GrpcException> FailAsync() =>
        await Assert.ThrowsAsync<GrpcException>(async () =>
        {
            while (await call.ReadAsync(CancellationToken.None).WaitAsync(GrpcTestServer.Patience) is not null)
            {
            }
        });

    public static string Describe(DeltaDiscoveryResponse response)
    {
        var type = response.TypeUrl[(response.TypeUrl.LastIndexOf('.') + 1)..];
        var resources = string.Join(", ", response.Resources.Select(r => r.Resource_.Value.ToStringUtf8()).Order(StringComparer.Ordinal));
        var gone = response.RemovedResources.Count == 0 ? "" : "; gone: " + string.Join(", ", response.RemovedResources.Order(StringComparer.Ordinal));
        return $"{type} {response.SystemVersionInfo}: {resources}{gone}";
    }

    public ValueTask DisposeAsync() => call.DisposeAsync();
}
