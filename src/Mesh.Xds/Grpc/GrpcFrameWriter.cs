using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Grpc;

/// <summary>Writes messages to a body as frames, never compressed.</summary>
internal static class GrpcFrameWriter
{
    /// <summary>The flag and the length.</summary>
    public const int HeaderSize = 5;

    /// <summary>The frame as an array of its own.</summary>
    public static byte[] Encode<T>(T message)
        where T : IMessage<T>
    {
        var frame = new byte[HeaderSize + message.CalculateSize()];
        Encode(message, frame);
        return frame;
    }

    /// <summary>Writes one frame and flushes.</summary>
    public static async Task WriteAsync<T>(Stream body, T message, CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        var size = HeaderSize + message.CalculateSize();
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            Encode(message, buffer.AsSpan(0, size));
            await body.WriteAsync(buffer.AsMemory(0, size), cancellationToken).ConfigureAwait(false);
            await body.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Encode<T>(T message, Span<byte> frame)
        where T : IMessage<T>
    {
        frame[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(frame[1..], frame.Length - HeaderSize);
        message.WriteTo(frame[HeaderSize..]);
    }
}
