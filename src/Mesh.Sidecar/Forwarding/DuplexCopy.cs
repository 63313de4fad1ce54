using System.Buffers;

namespace ProxylessMesh.Sidecar.Forwarding;

/// <summary>Two streams, each written to the other until one of them ends: what follows a switch of protocols says goodbye in its own words.</summary>
internal static class DuplexCopy
{
    private const int BufferSize = 16 * 1024;

    /// <returns>Whether an end was reached; false: something broke, and both sides must be told so.</returns>
    public static async Task<bool> RunAsync(Stream one, Stream other, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var there = CopyAsync(one, other, stop.Token);
        var back = CopyAsync(other, one, stop.Token);
        var first = await Task.WhenAny(there, back).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(there, back).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return first.IsCompletedSuccessfully;
    }

    private static async Task CopyAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (int count; (count = await from.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                await to.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
