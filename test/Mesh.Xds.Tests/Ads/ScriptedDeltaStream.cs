using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>The server's end of one delta stream.</summary>
internal sealed class ScriptedDeltaStream : ScriptedEnd<DeltaDiscoveryRequest, DeltaDiscoveryResponse>, IDeltaAdsStream
{
    /// <param name="kind">The type.</param>
    /// <param name="nonce">Of the response; its version is <c>s</c> and the nonce.</param>
    /// <param name="removed">Names, separated by commas.</param>
    /// <param name="resources">As <c>name@version=text</c>.</param>
    public void Send<T>(ResourceKind<T> kind, string nonce, string removed = "", params string[] resources)
        where T : class
    {
        var response = new DeltaDiscoveryResponse { TypeUrl = kind.TypeUrl, SystemVersionInfo = $"s{nonce}", Nonce = nonce };
        response.RemovedResources.AddRange(removed.Split(',', StringSplitOptions.RemoveEmptyEntries));
        response.Resources.AddRange(resources.Select(r => Parse(kind.TypeUrl, r)));
        Send(response);
    }

    /// <summary>Sends and waits for the answer to it.</summary>
    public async Task<DeltaDiscoveryRequest> ExchangeAsync<T>(ResourceKind<T> kind, string nonce, string removed = "", params string[] resources)
        where T : class
    {
        Send(kind, nonce, removed, resources);
        return await NextAsync();
    }

    private static Resource Parse(string typeUrl, string text)
    {
        var parts = text.Split('@', '=');
        return new Resource
        {
            Name = parts[0],
            Version = parts[1],
            Resource_ = new Any { TypeUrl = typeUrl, Value = ByteString.CopyFromUtf8($"{parts[0]}={parts[2]}") },
        };
    }
}
