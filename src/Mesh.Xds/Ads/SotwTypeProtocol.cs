using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>State of the world: every request says all names, the last accepted version and the last nonce.</summary>
internal sealed class SotwTypeProtocol(ResourceType type) : ITypeProtocol
{
    private string _nonce = "";
    private string? _nack;

    public bool IsRequested { get; private set; }

    public bool IsDirty { get; private set; } = type.Count > 0;

    public void NamesChanged() => IsDirty = true;

    public IMessage? TakeRequest(Node? node)
    {
        var request = new DiscoveryRequest { TypeUrl = type.TypeUrl, VersionInfo = type.Version, ResponseNonce = _nonce, Node = node };
        request.ResourceNames.AddRange(type.WatchedNames);
        if (_nack is not null)
        {
            request.ErrorDetail = new() { Code = (int)Grpc.GrpcStatusCode.InvalidArgument, Message = _nack };
            _nack = null;
        }

        IsRequested = true;
        IsDirty = false;
        return request;
    }

    public string? Receive(IMessage response)
    {
        var message = (DiscoveryResponse)response;
        _nonce = message.Nonce;
        _nack = type.Apply(message);
        if (_nack is null)
        {
            type.Version = message.VersionInfo;
        }

        IsDirty = true;
        return _nack;
    }
}
