using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// Delta: a request says which names came and went since the last one, a nonce only answers a response, and each response is answered.
/// The first request of a stream tells what we have from before (xDS protocol, "Incremental xDS").
/// </summary>
internal sealed class DeltaTypeProtocol(ChannelType type) : ITypeProtocol
{
    // A server that sends without reading must not make answers pile up; one that never hears an answer can wait for it no longer.
    private const int MaxAnswers = 64;

    private readonly Queue<(string Nonce, string? Error)> _answers = new();
    private HashSet<string> _told = [];
    private bool _namesChanged = type.IsWatched;

    public bool IsRequested { get; private set; }

    public bool IsDirty => _namesChanged || _answers.Count > 0;

    public void NamesChanged() => _namesChanged = true;

    public IMessage? TakeRequest(Node? node)
    {
        var request = new DeltaDiscoveryRequest { TypeUrl = type.TypeUrl, Node = node };
        if (!IsRequested)
        {
            request.InitialResourceVersions.Add(type.KnownVersions);
        }

        var changed = _namesChanged && WriteNames(request);
        _namesChanged = false;
        if (_answers.TryDequeue(out var answer))
        {
            request.ResponseNonce = answer.Nonce;
            request.ErrorDetail = answer.Error is null ? null : new() { Code = (int)Grpc.GrpcStatusCode.InvalidArgument, Message = answer.Error };
        }
        else if (!changed)
        {
            return null;
        }

        IsRequested = true;
        return request;
    }

    public string? Receive(IMessage response)
    {
        var message = (DeltaDiscoveryResponse)response;
        var nack = type.Apply(message);
        if (nack is null)
        {
            type.Version = message.SystemVersionInfo;
        }

        if (_answers.Count == MaxAnswers)
        {
            _answers.Dequeue();
        }

        _answers.Enqueue((message.Nonce, nack));
        return nack;
    }

    /// <summary>An empty list would be no harm, but for a first request of LDS or CDS: there it would mean everything.</summary>
    private bool WriteNames(DeltaDiscoveryRequest request)
    {
        var watched = type.WatchedNames.ToHashSet(StringComparer.Ordinal);
        request.ResourceNamesSubscribe.AddRange(watched.Where(name => !_told.Contains(name)));
        request.ResourceNamesUnsubscribe.AddRange(_told.Where(name => !watched.Contains(name)));
        _told = watched;
        return request.ResourceNamesSubscribe.Count + request.ResourceNamesUnsubscribe.Count > 0;
    }
}
