using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Envoy.Config.Endpoint.V3;
using Google.Protobuf;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Endpoints;

/// <summary>
/// Decodes a list of endpoints by what differs from the one before: EDS sends whole lists, and in a list of thousands mostly one
/// endpoint has changed. Endpoints whose bytes stand at the beginning and the end of the old list are taken from it; what
/// remains is decoded as a list of its own. Anything unusual, and any error, is left to the ordinary decoder.
/// </summary>
internal static class EndpointsUpdate
{
    /// <summary>Shorter lists are decoded in no time.</summary>
    private const int Worthwhile = 64;

    /// <summary>Each changed endpoint is compared with all that stay: no address may come twice.</summary>
    private const int MostChanged = 64;

    private static readonly ConditionalWeakTable<EndpointsConfig, EndpointSlices> Known = new();

    /// <param name="bytes">A ClusterLoadAssignment.</param>
    /// <param name="previous">What was decoded last for a name; null: nothing.</param>
    public static DecodeResult<EndpointsConfig> Decode(ByteString bytes, Func<string, EndpointsConfig?> previous)
    {
        if (EndpointSlices.Of(bytes.Memory) is not { } slices || slices.Localities.Sum(l => l.Endpoints.Count) < Worthwhile)
        {
            return ResourceKinds.Endpoints.Decode(bytes);
        }

        var updated = previous(slices.Name) is { } old && Known.TryGetValue(old, out var oldSlices) ? TryUpdate(slices, old, oldSlices) : null;
        var result = updated is null ? ResourceKinds.Endpoints.Decode(bytes) : DecodeResult<EndpointsConfig>.Ok(slices.Name, updated);
        if (result.Value is { } value && value.Localities.Count == slices.Localities.Count)
        {
            Known.AddOrUpdate(value, slices);
        }

        return result;
    }

    private static EndpointsConfig? TryUpdate(EndpointSlices slices, EndpointsConfig old, EndpointSlices oldSlices)
    {
        if (slices.Localities.Count != old.Localities.Count || oldSlices.Localities.Count != old.Localities.Count)
        {
            return null;
        }

        var common = new (int First, int Last)[slices.Localities.Count];
        var changed = 0;
        for (var i = 0; i < common.Length; i++)
        {
            common[i] = slices.Localities[i].Common(slices.Bytes.Span, oldSlices.Localities[i], oldSlices.Bytes.Span);
            changed += slices.Localities[i].Endpoints.Count - common[i].First - common[i].Last;
        }

        return changed <= MostChanged
            && Remaining(slices, common) is { } remaining
            && ResourceKinds.Endpoints.Decode(remaining).Value is { } rest
            && rest.Localities.Count == common.Length
            ? Join(slices, rest, old, common)
            : null;
    }

    /// <summary>The message without the endpoints that are known; null: it is none.</summary>
    private static ByteString? Remaining(EndpointSlices slices, (int First, int Last)[] common)
    {
        try
        {
            return Cut(slices, common);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidOperationException)
        {
            // As in WireReader; what is wrong with it the ordinary decoder says.
            return null;
        }
    }

    private static ByteString Cut(EndpointSlices slices, (int First, int Last)[] common)
    {
        var bytes = slices.Bytes.Span;
        var result = new ClusterLoadAssignment();
        var at = 0;
        for (var i = 0; i < common.Length; i++)
        {
            var locality = slices.Localities[i];
            result.MergeFrom(bytes[at..locality.Start]);
            result.Endpoints.Add(LocalityLbEndpoints.Parser.ParseFrom(Without(bytes, locality, common[i])));
            at = locality.End;
        }

        result.MergeFrom(bytes[at..]);
        return result.ToByteString();
    }

    private static ReadOnlySpan<byte> Without(ReadOnlySpan<byte> bytes, EndpointSlices.Locality locality, (int First, int Last) common)
    {
        var left = new ArrayBufferWriter<byte>();
        var at = locality.ContentStart;
        for (var i = 0; i < locality.Endpoints.Count; i++)
        {
            var (start, end) = locality.Endpoints[i];
            if (i < common.First || i >= locality.Endpoints.Count - common.Last)
            {
                left.Write(bytes[at..start]);
                at = end;
            }
        }

        left.Write(bytes[at..locality.End]);
        return left.WrittenSpan;
    }

    private static EndpointsConfig? Join(EndpointSlices slices, EndpointsConfig rest, EndpointsConfig old, (int First, int Last)[] common)
    {
        var localities = ImmutableArray.CreateBuilder<LocalityConfig>(common.Length);
        for (var i = 0; i < common.Length; i++)
        {
            var known = old.Localities[i].Endpoints.AsSpan();
            var fresh = rest.Localities[i].Endpoints.AsSpan();
            if (known.Length < common[i].First + common[i].Last
                || fresh.Length != slices.Localities[i].Endpoints.Count - common[i].First - common[i].Last)
            {
                return null;
            }

            EndpointConfig[] endpoints = [.. known[..common[i].First], .. fresh, .. known[^common[i].Last..]];
            if (endpoints.Sum(e => (long)e.Weight) > uint.MaxValue)
            {
                return null;
            }

            localities.Add(rest.Localities[i] with { Endpoints = new(ImmutableCollectionsMarshal.AsImmutableArray(endpoints)) });
        }

        var joined = rest with { Localities = new(localities.MoveToImmutable()) };
        return rest.Localities.Any(l => l.Endpoints.Any(e => Occurs(joined, e) > 1)) ? null : joined;
    }

    private static int Occurs(EndpointsConfig list, EndpointConfig endpoint)
    {
        var count = 0;
        foreach (var locality in list.Localities)
        {
            foreach (var other in locality.Endpoints.AsSpan())
            {
                count += other.Port == endpoint.Port && other.Address == endpoint.Address ? 1 : 0;
            }
        }

        return count;
    }
}
