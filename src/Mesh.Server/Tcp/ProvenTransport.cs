using System.IO.Pipelines;

namespace ProxylessMesh.Server.Tcp;

/// <summary>The bytes of a connection for an HTTP server alone: anybody else sees its end, and it is refused.</summary>
/// <param name="inner">Of the connection.</param>
/// <param name="proof">Of an HTTP server.</param>
/// <param name="refuse">Ends the connection and says so.</param>
internal sealed class ProvenTransport(IDuplexPipe inner, RequestProof proof, Action refuse) : IDuplexPipe
{
    public PipeReader Input { get; } = new ProvenReader(inner.Input, proof, refuse);

    public PipeWriter Output { get; } = new ProvenWriter(inner.Output, proof, refuse);
}
