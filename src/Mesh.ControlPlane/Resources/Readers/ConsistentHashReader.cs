using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Clusters;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>loadBalancer.consistentHash.</summary>
internal static class ConsistentHashReader
{
    private const int MaxTableSize = 5_000_011;

    private static readonly string[] Keys = ["httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName"];

    public static ConsistentHash Read(YamlObject item)
    {
        OnlyOne(item, Keys);
        OnlyOne(item, ["ringHash", "maglev"]);
        if (!Keys.Any(item.Has))
        {
            item.Problems.Warning(item.Position, ProblemCodes.Missing, $"{item.Path} names nothing to hash: requests go to any endpoint");
        }

        var (maglev, size) = Table(item);
        var hash = Key(item) with { Maglev = maglev, Size = size };
        item.Close(KnownFields.None);
        return hash;
    }

    private static ConsistentHash Key(YamlObject item)
    {
        var header = item.String("httpHeaderName");
        var cookie = item.Object("httpCookie");
        var source = item.Bool("useSourceIp");
        var parameter = item.String("httpQueryParameterName");
        return cookie is not null ? Cookie(cookie)
            : header is { Length: > 0 } ? new ConsistentHash(ConsistentHashKey.Header, header, Maglev: false, Size: null)
            : parameter is { Length: > 0 } ? new ConsistentHash(ConsistentHashKey.QueryParameter, parameter, Maglev: false, Size: null)
            : new ConsistentHash(source == true ? ConsistentHashKey.SourceIp : ConsistentHashKey.None, "", Maglev: false, Size: null);
    }

    private static ConsistentHash Cookie(YamlObject item)
    {
        var name = CookieText(item, "name", item.RequiredString("name"));
        var path = CookieText(item, "path", item.String("path"));
        var ttl = item.Duration("ttl", orZero: true);
        var attributes = new List<KeyValuePair<string, string>>();
        foreach (var attribute in item.Objects("attributes"))
        {
            var key = CookieText(attribute, "name", attribute.RequiredString("name"));
            attributes.Add(new(key, CookieText(attribute, "value", attribute.String("value"))));
            attribute.Close(KnownFields.None);
        }

        item.Close(KnownFields.None);
        return new ConsistentHash(ConsistentHashKey.Cookie, name, Maglev: false, Size: null)
        {
            CookieTtl = ttl,
            CookiePath = path,
            CookieAttributes = attributes.ToEquatableArray(),
        };
    }

    private static (bool Maglev, int? Size) Table(YamlObject item)
    {
        var older = item.Int("minimumRingSize", 0, LoadBalancingConfig.MaxRingSize);
        var ring = item.Object("ringHash");
        var ringSize = ring?.Int("minimumRingSize", 0, LoadBalancingConfig.MaxRingSize);
        ring?.Close(KnownFields.None);
        var maglev = item.Object("maglev");
        var tableSize = maglev?.Int("tableSize", 0, MaxTableSize);
        if (tableSize > 0 && !HashTableRules.IsPrime((ulong)tableSize))
        {
            maglev!.Problems.Error(maglev.PositionOf("tableSize"), ProblemCodes.InvalidValue, $"{maglev.PathOf("tableSize")} {tableSize} is not a prime number", "65537 is the default");
        }

        maglev?.Close(KnownFields.None);

        // Plain integers in Istio's message: 0 is the same as not given.
        var size = maglev is null ? ringSize ?? older : tableSize;
        return (maglev is not null, size > 0 ? size : null);
    }

    /// <summary>What becomes part of a Set-Cookie header must not end it (RFC 6265, 4.1.1).</summary>
    private static string CookieText(YamlObject item, string field, string? text)
    {
        if (text is not null && text.Any(c => c is < ' ' or > '~' or ';'))
        {
            item.Problems.Error(item.PositionOf(field), ProblemCodes.InvalidValue, $"{item.PathOf(field)} {Quoted.Of(text)} has a character that a cookie cannot have");
        }

        return text ?? "";
    }

    private static void OnlyOne(YamlObject item, string[] fields)
    {
        var given = fields.Where(item.Has).ToList();
        if (given.Count > 1)
        {
            item.Problems.Error(item.PositionOf(given[1]), ProblemCodes.Conflict, $"{item.Path} has both {given[0]} and {given[1]}", "remove one of them");
        }
    }
}
