using System.Buffers.Binary;
using System.Text;

namespace ProxylessMesh.Server.Tests.Fixture;

/// <summary>The bytes of one HTTP/2 request as no well-behaved client would send it (RFC 9113; RFC 7541, literals without indexing).</summary>
internal static class Http2Request
{
    public static byte[] Get(string path, string scheme)
    {
        byte[] block = [.. Field(":method", "GET"), .. Field(":scheme", scheme), .. Field(":path", path), .. Field(":authority", "reviews")];
        return [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(type: 4, flags: 0, stream: 0, []), .. Frame(type: 1, flags: 5, stream: 1, block)];
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        frame[1] = (byte)(payload.Length >> 8);
        frame[2] = (byte)payload.Length;
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    private static byte[] Field(string name, string value) =>
        [0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];
}
