using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>State of the world: every request says all names, the last accepted version and the last nonce.</summary>
internal sealed class SotwTypeProtocol(ChannelType type) : ITypeProtocol
{
    // Each response is answered by itself, as a refusal must not vanish behind the next acceptance; as many as in delta.
    private const int MaxAnswers = 64;

    private readonly Queue<(string Nonce, string Version, string? Error)> _answers = new();
    private string _nonce = "";
    private bool _namesChanged = type.IsWatched;

    public bool IsRequested { get; private set; }

    public bool IsDirty => _namesChanged || _answers.Count > 0;

    public void NamesChanged() => _namesChanged = true;

    public IMessage? TakeRequest(Node? node)
    {
        var answered = _answers.TryDequeue(out var answer);
        _nonce = answered ? answer.Nonce : _nonce;
        var request = new DiscoveryRequest
        {
            TypeUrl = type.TypeUrl,
            VersionInfo = answered ? answer.Version : type.Version,
            ResponseNonce = _nonce,
            Node = node,
            ErrorDetail = answer.Error is null ? null : new() { Code = (int)Grpc.GrpcStatusCode.InvalidArgument, Message = answer.Error },
        };
        request.ResourceNames.AddRange(type.WatchedNames);
        IsRequested = true;
        _namesChanged = false;
        return request;
    }

    public string? Receive(IMessage response)
    {
        var message = (DiscoveryResponse)response;
        var nack = type.Apply(message);
        if (nack is null)
        {
            type.Version = message.VersionInfo;
        }

        if (_answers.Count == MaxAnswers)
        {
            _answers.Dequeue();
        }

        _answers.Enqueue((message.Nonce, type.Version, nack));
        return nack;
    }
}
