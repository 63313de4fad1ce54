using Google.Protobuf;

namespace ProxylessMesh.ControlPlane.Grpc;

/// <summary>
/// A message in pieces: fields that are encoded once and stand in many messages, behind those that are this message's own. The fields
/// of a protobuf message may come in any order.
/// </summary>
/// <param name="own">The fields of this message alone.</param>
/// <param name="shared">Encoded fields, each with its tag.</param>
internal sealed class EncodedMessage(IMessage own, IReadOnlyList<ByteString> shared)
{
    public byte[] Own { get; } = own.ToByteArray();

    public IReadOnlyList<ByteString> Shared => shared;

    public int Size
    {
        get
        {
            var size = Own.Length;
            for (var i = 0; i < shared.Count; i++)
            {
                size += shared[i].Length;
            }

            return size;
        }
    }
}
