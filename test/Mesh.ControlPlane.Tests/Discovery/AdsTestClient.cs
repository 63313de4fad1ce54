using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using ProxylessMesh.ControlPlane.Tests.Grpc;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

/// <summary>A stream of which a test writes every request itself.</summary>
internal sealed class AdsTestClient(GrpcDuplexCall<DiscoveryRequest, DiscoveryResponse> call) : IAsyncDisposable
{
    public Task SendAsync(string type, string[] names, string nonce = "", string version = "", Node? node = null, string? error = null) =>
        call.WriteAsync(
            new DiscoveryRequest
            {
                TypeUrl = type,
                ResourceNames = { names },
                ResponseNonce = nonce,
                VersionInfo = version,
                Node = node,
                ErrorDetail = error is null ? null : new Google.Rpc.Status { Code = 3, Message = error },
            },
            CancellationToken.None);

    public Task AckAsync(DiscoveryResponse response, params string[] names) =>
        SendAsync(response.TypeUrl, names, response.Nonce, response.VersionInfo);

    public async Task<DiscoveryResponse> ReceiveAsync() =>
        await call.ReadAsync(CancellationToken.None).WaitAsync(GrpcTestServer.Patience) ?? throw new InvalidOperationException("The stream ended.");

    /// <summary>"TYPE version: content, content; missing: name", so that a test reads in one line what came.</summary>
    public async Task<string> ReceiveTextAsync() => Describe(await ReceiveAsync());

    public async Task<GrpcException> FailAsync() =>
        await Assert.ThrowsAsync<GrpcException>(async () =>
        {
            while (await call.ReadAsync(CancellationToken.None).WaitAsync(GrpcTestServer.Patience) is not null)
            {
            }
        });

    public static string Describe(DiscoveryResponse response)
    {
        var type = response.TypeUrl[(response.TypeUrl.LastIndexOf('.') + 1)..];
        var resources = string.Join(", ", response.Resources.Select(r => r.Value.ToStringUtf8()).Order(StringComparer.Ordinal));
        var missing = response.ResourceErrors.Count == 0 ? "" : "; missing: " + string.Join(", ", response.ResourceErrors.Select(e => e.ResourceName.Name));
        return $"{type} {response.VersionInfo}: {resources}{missing}";
    }

    public ValueTask DisposeAsync() => call.DisposeAsync();
}
