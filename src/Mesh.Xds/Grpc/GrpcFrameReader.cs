using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Grpc;

/// <summary>
/// Takes messages out of a body: one flag byte, four bytes of length in network order, the message (grpc/doc/PROTOCOL-HTTP2.md).
/// One read at a time; a cancelled read leaves the body in the middle of a frame, so it ends the call.
/// </summary>
internal sealed class GrpcFrameReader(Stream body, int maxMessageSize)
{
    private const int FirstChunk = 16 * 1024;

    // What honest messages stay above: most fields are names, versions and types.
    private const int LeastBytesPerField = 8;

    private readonly byte[] _header = new byte[GrpcFrameWriter.HeaderSize];

    /// <summary>The next message, or null when the body ended between two frames.</summary>
    /// <exception cref="GrpcException">INTERNAL for a damaged frame, RESOURCE_EXHAUSTED for one over the limit, UNIMPLEMENTED for a compressed one.</exception>
    public ValueTask<T?> ReadAsync<T>(MessageParser<T> parser, CancellationToken cancellationToken)
        where T : IMessage<T> => ReadAsync(new ProtobufDecoder<T>(parser), cancellationToken);

    /// <inheritdoc cref="ReadAsync{T}(MessageParser{T}, CancellationToken)"/>
    public async ValueTask<T?> ReadAsync<T>(IMessageDecoder<T> decoder, CancellationToken cancellationToken)
    {
        var read = await body.ReadAtLeastAsync(_header, _header.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            return default;
        }

        if (read < _header.Length)
        {
            throw Truncated();
        }

        return await ReadMessageAsync(decoder, CheckedLength(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The claim is judged before anything is allocated for it.</summary>
    private int CheckedLength()
    {
        // No encoding was offered in grpc-accept-encoding, so a peer that compresses breaks the protocol.
        if (_header[0] != 0)
        {
            throw _header[0] == 1
                ? new GrpcException(GrpcStatusCode.Unimplemented, "the message is compressed; only identity is supported")
                : new GrpcException(GrpcStatusCode.Internal, $"the frame begins with {_header[0]}, which is no flag of gRPC");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(1));
        return length <= (uint)maxMessageSize
            ? (int)length
            : throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"a message of {length} bytes is larger than the limit of {maxMessageSize}");
    }

    /// <summary>The buffer grows with what arrives: a peer cannot make us hold memory that it did not send.</summary>
    private async ValueTask<T> ReadMessageAsync<T>(IMessageDecoder<T> decoder, int length, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(length, FirstChunk));
        try
        {
            var filled = 0;
            while (filled < length)
            {
                if (filled == buffer.Length)
                {
                    buffer = Grow(buffer, length);
                }

                var room = Math.Min(buffer.Length, length) - filled;
                var read = await body.ReadAsync(buffer.AsMemory(filled, room), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    throw Truncated();
                }

                filled += read;
            }

            return decoder.Decode(buffer.AsSpan(0, length), maxMessageSize / LeastBytesPerField);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(length, buffer.Length * 4L));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static GrpcException Truncated() => new(GrpcStatusCode.Internal, "the body ended in the middle of a message");
}
