namespace ProxylessMesh.Xds.Config;

/// <summary>HTTP status codes, a bit each: a look-up on the request path is one shift.</summary>
internal sealed record StatusSet(EquatableArray<ulong> Bits)
{
    public const int First = 100;

    public const int Last = 599;

    private const int BitsOfWord = 64;

    /// <summary>All codes of HTTP for which this is true.</summary>
    public static StatusSet Where(Predicate<int> isMember)
    {
        var bits = new ulong[(Last / BitsOfWord) + 1];
        for (var status = First; status <= Last; status++)
        {
            if (isMember(status))
            {
                bits[status / BitsOfWord] |= 1UL << (status % BitsOfWord);
            }
        }

        return new StatusSet(bits.ToEquatableArray());
    }

    public bool Contains(int status) => status is >= First and <= Last && (Bits[status / BitsOfWord] & (1UL << (status % BitsOfWord))) != 0;
}
