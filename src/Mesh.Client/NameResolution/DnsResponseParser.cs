using System.Net;

namespace ProxylessMesh.Client.NameResolution;

/// <summary>Reads a name server's message, or whatever else came from the network to our port.</summary>
internal static class DnsResponseParser
{
    /// <summary>Longer chains of aliases than this are a mistake or an attack.</summary>
    private const int MaxAliases = 16;

    private const int MaxAddresses = 1024;
    private const ushort ClassInternet = 1;
    private const int ResponseBit = 0x8000;
    private const int OperationBits = 0x7800;
    private const int TruncationBit = 0x0200;
    private const int CodeBits = 0x000F;

    /// <summary>The TTL's upper half counts as none (RFC 2181, 8); more than a week is not believed.</summary>
    private static readonly TimeSpan LongestTimeToLive = TimeSpan.FromDays(7);

    /// <returns>Null: not an answer to this question, or not well formed.</returns>
    public static DnsResponse? Parse(ReadOnlySpan<byte> message, DnsQuery query)
    {
        var reader = new DnsReader(message);
        if (!reader.TryReadUInt16(out var id) || id != query.Id
            || !reader.TryReadUInt16(out var flags) || (flags & ResponseBit) == 0 || (flags & OperationBits) != 0
            || !reader.TryReadUInt16(out var questions) || questions != 1
            || !reader.TryReadUInt16(out var answers)
            || !reader.TrySkip(4)
            || !reader.TryReadName(out var name) || name != query.Name
            || !reader.TryReadUInt16(out var type) || type != (ushort)query.Type
            || !reader.TryReadUInt16(out var kind) || kind != ClassInternet)
        {
            return null;
        }

        var code = (DnsResponseCode)(flags & CodeBits);
        if ((flags & TruncationBit) != 0 || code != DnsResponseCode.NoError)
        {
            return new DnsResponse(code, (flags & TruncationBit) != 0, [], TimeSpan.Zero);
        }

        return ReadAnswers(ref reader, answers, query);
    }

    private static DnsResponse? ReadAnswers(ref DnsReader reader, int count, DnsQuery query)
    {
        var addresses = new List<(string Owner, IPAddress Address, TimeSpan TimeToLive)>();
        var aliases = new Dictionary<string, (string Target, TimeSpan TimeToLive)>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadName(out var owner)
                || !reader.TryReadUInt16(out var type)
                || !reader.TryReadUInt16(out var kind)
                || !reader.TryReadUInt32(out var seconds)
                || !reader.TryReadUInt16(out var length))
            {
                return null;
            }

            var time = TimeToLive(seconds);
            var end = reader.Position + length;
            if (kind == ClassInternet && type == (ushort)DnsRecordType.CName)
            {
                if (!reader.TryReadName(out var target) || reader.Position != end)
                {
                    return null;
                }

                aliases.TryAdd(owner, (target, time));
            }
            else if (!reader.TryReadBytes(length, out var data))
            {
                return null;
            }
            else if (kind == ClassInternet && type == (ushort)query.Type && addresses.Count < MaxAddresses)
            {
                if (length != (query.Type == DnsRecordType.A ? 4 : 16))
                {
                    return null;
                }

                addresses.Add((owner, new IPAddress(data), time));
            }
        }

        return Follow(query.Name, aliases, addresses);
    }

    /// <summary>Only addresses of the name itself, or of what it is an alias of: others were not asked for.</summary>
    private static DnsResponse? Follow(
        string name, Dictionary<string, (string Target, TimeSpan TimeToLive)> aliases, List<(string Owner, IPAddress Address, TimeSpan TimeToLive)> addresses)
    {
        var shortest = LongestTimeToLive;
        for (var i = 0; aliases.TryGetValue(name, out var alias); i++)
        {
            if (i == MaxAliases)
            {
                return null;
            }

            name = alias.Target;
            shortest = alias.TimeToLive < shortest ? alias.TimeToLive : shortest;
        }

        var found = new List<IPAddress>();
        foreach (var (owner, address, time) in addresses)
        {
            if (owner == name && !found.Contains(address))
            {
                found.Add(address);
                shortest = time < shortest ? time : shortest;
            }
        }

        return new DnsResponse(DnsResponseCode.NoError, false, found, shortest);
    }

    private static TimeSpan TimeToLive(uint seconds)
    {
        var time = seconds > int.MaxValue ? TimeSpan.Zero : TimeSpan.FromSeconds(seconds);
        return time < LongestTimeToLive ? time : LongestTimeToLive;
    }
}
