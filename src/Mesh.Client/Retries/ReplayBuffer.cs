using System.Buffers.Binary;

namespace ProxylessMesh.Client.Retries;

/// <summary>
/// A body as it was sent, up to a limit. Beyond the limit it keeps nothing, and of a gRPC stream neither: as soon as a second message
/// follows the first, the call is no unary one.
/// </summary>
/// <param name="limit">In bytes.</param>
/// <param name="isGrpc">Whether the body is gRPC messages.</param>
internal sealed class ReplayBuffer(int limit, bool isGrpc)
{
    private const int GrpcPrefix = 5;
    private const int FirstSize = 512;

    private byte[] _bytes = [];
    private int _count;
    private bool _gaveUp;
    private volatile bool _complete;

    /// <summary>The whole body is here.</summary>
    public bool IsComplete => _complete;

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _count);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_gaveUp || bytes.IsEmpty)
        {
            return;
        }

        if (bytes.Length > limit - _count)
        {
            GiveUp();
            return;
        }

        if (_bytes.Length - _count < bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(limit, Math.Max(Math.Max(FirstSize, 2L * _bytes.Length), (long)_count + bytes.Length)));
        }

        bytes.CopyTo(_bytes.AsSpan(_count));
        _count += bytes.Length;
        if (isGrpc && _count > GrpcPrefix && (uint)(_count - GrpcPrefix) > BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(1)))
        {
            GiveUp();
        }
    }

    /// <summary>The body has ended.</summary>
    public void Complete() => _complete = !_gaveUp;

    private void GiveUp()
    {
        _gaveUp = true;
        _bytes = [];
        _count = 0;
    }
}
