using System.Security.Cryptography;

namespace ProxylessMesh.Xds.Jose;

/// <summary>
/// Instances of one public key, because those of System.Security.Cryptography promise nothing to two threads at a time. Those
/// that fit in no slot are disposed; those of a key that is no longer used go with their finalizers.
/// </summary>
internal sealed class KeyPool<T>(Func<T> create)
    where T : AsymmetricAlgorithm
{
    private readonly T?[] _free = new T?[Math.Clamp(Environment.ProcessorCount, 1, 16)];

    /// <summary>Makes the first one; false when the numbers are refused.</summary>
    public bool TryWarm()
    {
        try
        {
            Return(create());
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public T Rent()
    {
        foreach (ref var slot in _free.AsSpan())
        {
            if (Interlocked.Exchange(ref slot, null) is { } free)
            {
                return free;
            }
        }

        return create();
    }

    public void Return(T key)
    {
        foreach (ref var slot in _free.AsSpan())
        {
            if (Interlocked.CompareExchange(ref slot, key, null) is null)
            {
                return;
            }
        }

        key.Dispose();
    }
}
