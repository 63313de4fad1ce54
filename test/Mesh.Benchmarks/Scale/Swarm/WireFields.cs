using Google.Protobuf;

namespace ProxylessMesh.Benchmarks.Scale.Swarm;

/// <summary>What a client must know of a response: nothing of the resources is decoded, they are counted.</summary>
internal readonly ref struct WireFields
{
    private WireFields(ReadOnlySpan<byte> version, ReadOnlySpan<byte> type, ReadOnlySpan<byte> nonce, int resources)
    {
        Version = version;
        Type = type;
        Nonce = nonce;
        Resources = resources;
    }

    public ReadOnlySpan<byte> Version { get; }

    public ReadOnlySpan<byte> Type { get; }

    public ReadOnlySpan<byte> Nonce { get; }

    public int Resources { get; }

    /// <summary>DiscoveryResponse and DeltaDiscoveryResponse agree in the numbers of these fields.</summary>
    public static WireFields Read(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> version = default, type = default, nonce = default;
        var resources = 0;
        while (!message.IsEmpty)
        {
            var tag = Varint(ref message);
            if ((tag & 7) != (int)WireFormat.WireType.LengthDelimited)
            {
                Varint(ref message);
                continue;
            }

            var length = Varint(ref message);
            var value = message[..length];
            message = message[length..];
            switch (tag >> 3)
            {
                case 1:
                    version = value;
                    break;
                case 2:
                    resources++;
                    break;
                case 4:
                    type = value;
                    break;
                case 5:
                    nonce = value;
                    break;
            }
        }

        return new WireFields(version, type, nonce, resources);
    }

    private static int Varint(ref ReadOnlySpan<byte> from)
    {
        var (value, shift, at) = (0, 0, 0);
        byte next;
        do
        {
            next = from[at++];
            value |= (next & 0x7f) << shift;
            shift += 7;
        }
        while (next >= 0x80);
        from = from[at..];
        return value;
    }
}
