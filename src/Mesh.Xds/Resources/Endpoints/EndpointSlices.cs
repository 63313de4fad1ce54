using System.Runtime.InteropServices;

namespace ProxylessMesh.Xds.Resources.Endpoints;

/// <summary>Where the endpoints of each locality stand in the bytes of a ClusterLoadAssignment.</summary>
/// <param name="Bytes">Of the message.</param>
/// <param name="Localities">In the order of the message.</param>
/// <param name="Name">cluster_name.</param>
internal sealed record EndpointSlices(ReadOnlyMemory<byte> Bytes, List<EndpointSlices.Locality> Localities, string Name)
{
    private const int NameField = 1;
    private const int LocalityField = 2;
    private const int EndpointField = 2;

    /// <summary>Null: not a message that could be walked over.</summary>
    public static EndpointSlices? Of(ReadOnlyMemory<byte> bytes)
    {
        var localities = new List<Locality>();
        var name = "";
        var fields = new WireFields(bytes.Span);
        while (fields.TryNext())
        {
            if (fields.Number == NameField && fields.IsMessage)
            {
                name = System.Text.Encoding.UTF8.GetString(bytes.Span[fields.ContentStart..fields.End]);
            }
            else if (fields.Number == LocalityField && fields.IsMessage)
            {
                if (Locality.Of(bytes.Span, fields.Start, fields.ContentStart, fields.End) is not { } locality)
                {
                    return null;
                }

                localities.Add(locality);
            }
        }

        return fields.IsBroken ? null : new EndpointSlices(bytes, localities, name);
    }

    /// <summary>One locality: from where to where, and the start and end of each endpoint, tag included.</summary>
    internal sealed record Locality(int Start, int ContentStart, int End, List<(int Start, int End)> Endpoints)
    {
        public static Locality? Of(ReadOnlySpan<byte> bytes, int start, int contentStart, int end)
        {
            var endpoints = new List<(int, int)>();
            var fields = new WireFields(bytes[contentStart..end]);
            while (fields.TryNext())
            {
                if (fields.Number == EndpointField && fields.IsMessage)
                {
                    endpoints.Add((contentStart + fields.Start, contentStart + fields.End));
                }
            }

            return fields.IsBroken ? null : new Locality(start, contentStart, end, endpoints);
        }

        /// <summary>How many endpoints at the beginning and, after those, at the end are byte for byte those of another list.</summary>
        public (int First, int Last) Common(ReadOnlySpan<byte> bytes, Locality other, ReadOnlySpan<byte> otherBytes)
        {
            var mine = CollectionsMarshal.AsSpan(Endpoints);
            var others = CollectionsMarshal.AsSpan(other.Endpoints);
            var most = Math.Min(mine.Length, others.Length);
            var first = 0;
            while (first < most && Same(bytes, mine[first], otherBytes, others[first]))
            {
                first++;
            }

            var last = 0;
            while (last < most - first && Same(bytes, mine[^(last + 1)], otherBytes, others[^(last + 1)]))
            {
                last++;
            }

            return (first, last);
        }

        private static bool Same(ReadOnlySpan<byte> a, (int Start, int End) of, ReadOnlySpan<byte> b, (int Start, int End) with) =>
            a[of.Start..of.End].SequenceEqual(b[with.Start..with.End]);
    }
}
