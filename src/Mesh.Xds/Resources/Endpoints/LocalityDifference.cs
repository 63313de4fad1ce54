using System.Buffers;
using ProxylessMesh.Xds.Wire;

namespace ProxylessMesh.Xds.Resources.Endpoints;

/// <summary>What differs between the bytes of two LocalityLbEndpoints.</summary>
/// <param name="First">Endpoints at the beginning that are byte for byte those of the old list.</param>
/// <param name="Changed">Endpoints between, in the new list.</param>
/// <param name="Last">Endpoints at the end that are byte for byte those of the old list.</param>
/// <param name="Rest">The new message without the endpoints that are the old ones.</param>
internal sealed record LocalityDifference(int First, int Changed, int Last, byte[] Rest)
{
    private const int EndpointField = 2;

    /// <summary>Null: one of them is no message, or more than <paramref name="most"/> endpoints differ.</summary>
    public static LocalityDifference? Of(ReadOnlySpan<byte> now, ReadOnlySpan<byte> old, int most)
    {
        var same = now.CommonPrefixLength(old);
        var rest = new ArrayBufferWriter<byte>();
        var fields = new WireFields(now);
        var first = 0;
        var start = 0;
        while (fields.TryNext() && fields.End <= same)
        {
            first += Skip(in fields, now, rest);
            start = fields.End;
        }

        var (middle, changed, end) = (start, 0, start == now.Length ? start : End(now[start..], old[start..]) + start);
        while (middle < end && !fields.IsBroken && changed <= most)
        {
            changed += IsEndpoint(in fields) ? 1 : 0;
            middle = fields.End;
            fields.TryNext();
        }

        rest.Write(now[start..middle]);
        var last = 0;
        while (middle < now.Length && !fields.IsBroken && changed <= most)
        {
            last += Skip(in fields, now, rest);
            middle = fields.End;
            fields.TryNext();
        }

        return fields.IsBroken || middle < now.Length ? null : new LocalityDifference(first, changed, last, rest.WrittenSpan.ToArray());
    }

    /// <summary>Where, in the first message, the fields begin that both end with.</summary>
    private static int End(ReadOnlySpan<byte> now, ReadOnlySpan<byte> old)
    {
        var same = CommonSuffixLength(now, old);
        var fields = new WireFields(now);
        var others = new WireFields(old);
        var (left, left2) = (now.Length, old.Length);
        while (left != left2 || left > same)
        {
            // Fields begin at the same distance from the end in both, or are not the same.
            if (left >= left2 ? !fields.TryNext() : !others.TryNext())
            {
                return now.Length;
            }

            (left, left2) = (now.Length - fields.End, old.Length - others.End);
        }

        return now.Length - left;
    }

    private static int CommonSuffixLength(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        const int block = 512;
        var most = Math.Min(a.Length, b.Length);
        var length = 0;
        while (length + block <= most && a[^(length + block)..^length].SequenceEqual(b[^(length + block)..^length]))
        {
            length += block;
        }

        while (length < most && a[^(length + 1)] == b[^(length + 1)])
        {
            length++;
        }

        return length;
    }

    private static bool IsEndpoint(in WireFields field) => field.Number == EndpointField && field.IsMessage;

    /// <summary>Leaves an endpoint out, and everything else in.</summary>
    private static int Skip(in WireFields field, ReadOnlySpan<byte> message, ArrayBufferWriter<byte> rest)
    {
        if (IsEndpoint(in field))
        {
            return 1;
        }

        rest.Write(message[field.Start..field.End]);
        return 0;
    }
}
