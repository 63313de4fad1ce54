using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Envoy.Config.Endpoint.V3;
using Google.Protobuf;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Wire;

namespace ProxylessMesh.Xds.Resources.Endpoints;

/// <summary>
/// Decodes a list of endpoints by what differs from the one before: EDS sends whole lists, and in a list of thousands mostly one
/// endpoint has changed. Endpoints whose bytes stand at the beginning and the end of the old list are taken from it; what
/// remains is decoded as a list of its own. Anything unusual, and any error, is left to the ordinary decoder.
/// </summary>
internal static class EndpointsUpdate
{
    /// <summary>Shorter lists, in bytes, are decoded in no time.</summary>
    private const int Worthwhile = 2048;

    /// <summary>Each changed endpoint is compared with all that stay: no address may come twice.</summary>
    private const int MostChanged = 64;

    private static readonly ConditionalWeakTable<EndpointsConfig, EndpointSlices> Known = new();

    /// <param name="bytes">A ClusterLoadAssignment.</param>
    /// <param name="previous">What was decoded last for a name; null: nothing.</param>
    public static DecodeResult<EndpointsConfig> Decode(ByteString bytes, Func<string, EndpointsConfig?> previous)
    {
        if (bytes.Length < Worthwhile || EndpointSlices.Of(bytes.Memory) is not { } slices)
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

        var differences = new LocalityDifference[slices.Localities.Count];
        var changed = 0;
        for (var i = 0; i < differences.Length; i++)
        {
            if (LocalityDifference.Of(slices.Content(i), oldSlices.Content(i), MostChanged - changed) is not { } difference)
            {
                return null;
            }

            differences[i] = difference;
            changed += difference.Changed;
        }

        // Much that is neither new nor old is nothing that a list of endpoints has.
        var outside = slices.Bytes.Length - slices.Localities.Sum(l => l.End - l.Start);
        if (outside + differences.Sum(d => (long)d.Rest.Length) > FieldLimit.Harmless)
        {
            return null;
        }

        return Remaining(slices, differences) is { } remaining
            && ResourceKinds.Endpoints.Decode(remaining).Value is { } rest
            && rest.Localities.Count == differences.Length
            ? Join(rest, old, differences)
            : null;
    }

    /// <summary>The message without the endpoints that are known; null: it is none.</summary>
    private static ByteString? Remaining(EndpointSlices slices, LocalityDifference[] differences)
    {
        try
        {
            return Cut(slices, differences);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidOperationException)
        {
            // As in WireReader; what is wrong with it the ordinary decoder says.
            return null;
        }
    }

    private static ByteString Cut(EndpointSlices slices, LocalityDifference[] differences)
    {
        var bytes = slices.Bytes.Span;
        var result = new ClusterLoadAssignment();
        var at = 0;
        for (var i = 0; i < differences.Length; i++)
        {
            var locality = slices.Localities[i];
            result.MergeFrom(bytes[at..locality.Start]);
            result.Endpoints.Add(LocalityLbEndpoints.Parser.ParseFrom(differences[i].Rest));
            at = locality.End;
        }

        result.MergeFrom(bytes[at..]);
        return result.ToByteString();
    }

    private static EndpointsConfig? Join(EndpointsConfig rest, EndpointsConfig old, LocalityDifference[] differences)
    {
        var localities = ImmutableArray.CreateBuilder<LocalityConfig>(differences.Length);
        for (var i = 0; i < differences.Length; i++)
        {
            var (first, changed, last, _) = differences[i];
            var known = old.Localities[i].Endpoints.AsSpan();
            var fresh = rest.Localities[i].Endpoints.AsSpan();
            if (known.Length < first + last || fresh.Length != changed)
            {
                return null;
            }

            EndpointConfig[] endpoints = [.. known[..first], .. fresh, .. known[^last..]];
            localities.Add(rest.Localities[i] with { Endpoints = new(ImmutableCollectionsMarshal.AsImmutableArray(endpoints)) });
        }

        var joined = rest with { Localities = new(localities.MoveToImmutable()) };
        return IsValid(joined, rest) ? joined : null;
    }

    /// <summary>The rules that the parts can keep and the whole break.</summary>
    private static bool IsValid(EndpointsConfig joined, EndpointsConfig rest)
    {
        AddressConfig[] fresh = [.. rest.Localities.SelectMany(l => l.Endpoints).SelectMany(e => e.Additional.Prepend(new AddressConfig(e.Address, e.Port)))];
        var found = 0;
        foreach (var locality in joined.Localities)
        {
            var weight = 0UL;
            foreach (var endpoint in locality.Endpoints.AsSpan())
            {
                weight += endpoint.Weight;
                foreach (var address in fresh)
                {
                    found += Has(endpoint, address) ? 1 : 0;
                }
            }

            if (weight > uint.MaxValue)
            {
                return false;
            }
        }

        return found == fresh.Length;
    }

    private static bool Has(EndpointConfig endpoint, AddressConfig address)
    {
        if (endpoint.Port == address.Port && endpoint.Address == address.Address)
        {
            return true;
        }

        foreach (var additional in endpoint.Additional)
        {
            if (additional == address)
            {
                return true;
            }
        }

        return false;
    }
}
