using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace ProxylessMesh.Server.Jwt;

/// <summary>
/// Tokens that one set of keys has verified. Belongs to its provider, so that a changed set begins with an empty cache.
/// Two generations stand in for an order of use: what was not asked for while the young one filled up is forgotten.
/// </summary>
internal sealed class VerifiedTokenCache(int capacity)
{
    private readonly int _half = Math.Max(1, capacity / 2);
    private Generations _current = new([], []);

    public bool TryGet(TokenKey key, [NotNullWhen(true)] out CachedToken? token)
    {
        var current = Volatile.Read(ref _current);
        if (current.Young.TryGetValue(key, out token))
        {
            return true;
        }

        if (!current.Old.TryGetValue(key, out token))
        {
            return false;
        }

        Add(key, token);
        return true;
    }

    public void Add(TokenKey key, CachedToken token)
    {
        var current = Volatile.Read(ref _current);
        if (current.Young.TryAdd(key, token) && Interlocked.Increment(ref current.Count) >= _half)
        {
            Interlocked.CompareExchange(ref _current, new Generations([], current.Young), current);
        }
    }

    public void Remove(TokenKey key)
    {
        var current = Volatile.Read(ref _current);
        current.Young.TryRemove(key, out _);
        current.Old.TryRemove(key, out _);
    }

    private sealed class Generations(ConcurrentDictionary<TokenKey, CachedToken> young, ConcurrentDictionary<TokenKey, CachedToken> old)
    {
        /// <summary>Added to the young ones; counting the dictionary would lock all of it.</summary>
        public int Count;

        public ConcurrentDictionary<TokenKey, CachedToken> Young { get; } = young;

        public ConcurrentDictionary<TokenKey, CachedToken> Old { get; } = old;
    }
}
