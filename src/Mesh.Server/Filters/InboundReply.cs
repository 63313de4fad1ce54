using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Server.Filters;

/// <summary>An answer of the mesh instead of the app's, as Envoy's local replies. A feature of its request.</summary>
/// <param name="status">Of HTTP.</param>
/// <param name="grpcStatus">What a gRPC call gets instead.</param>
/// <param name="sentence">The body, plain text without a line end; for gRPC the status message. Says nothing of policies: the client reads it.</param>
internal sealed class InboundReply(int status, GrpcStatusCode grpcStatus, string sentence)
{
    public int Status { get; } = status;

    public GrpcStatusCode GrpcStatus { get; } = grpcStatus;

    public string Sentence { get; } = sentence;

    /// <summary>For access logs.</summary>
    public ResponseFlags Flags { get; init; }

    /// <summary>Envoy's RESPONSE_CODE_DETAILS, for access logs: may name policies.</summary>
    public string Details { get; init; } = "";

    /// <summary>Set on the response, for gRPC calls too.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Instead of the sentence, where somebody else has made the answer; its content-type is in <see cref="Headers"/>. Not for gRPC calls.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }
}
