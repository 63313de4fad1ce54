using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>loadBalancer.localityLbSetting, with the rules of Istio's own validation.</summary>
internal static class LocalityReader
{
    private const int MaxParts = 3;

    public static LocalityLoadBalancing Read(YamlObject item)
    {
        var enabled = item.Bool("enabled") ?? true;
        var distribute = Distribute(item);
        var failover = Failover(item);
        var priority = item.Strings("failoverPriority");
        if (distribute.Count > 0 && (failover.Count > 0 || priority.Count > 0))
        {
            item.Problems.Error(
                item.PositionOf("distribute"), ProblemCodes.Conflict, $"{item.Path} has distribute together with {(failover.Count > 0 ? "failover" : "failoverPriority")}", "remove one of them");
        }

        item.Close(KnownFields.None);
        return new LocalityLoadBalancing(enabled, distribute, failover, priority);
    }

    private static EquatableArray<LocalityDistribution> Distribute(YamlObject item)
    {
        var result = new List<LocalityDistribution>();
        foreach (var entry in item.Objects("distribute"))
        {
            var from = entry.RequiredString("from");
            CheckLocality(entry, entry.PositionOf("from"), entry.PathOf("from"), from);
            var to = new List<KeyValuePair<string, int>>();
            foreach (var share in entry.Entries("to"))
            {
                var path = $"{entry.PathOf("to")}.{Quoted.Escape(share.Key)}";
                CheckLocality(entry, share.KeyPosition, path, share.Key);
                if (entry.Problems.AsInt(share.Value, path, 1, 100) is { } percent)
                {
                    to.Add(new(share.Key, percent));
                }
            }

            var sum = to.Sum(t => t.Value);
            if (sum != 100)
            {
                entry.Problems.Error(entry.PositionOf("to"), ProblemCodes.InvalidValue, $"{entry.PathOf("to")} adds up to {sum}: it must be 100");
            }

            entry.Close(KnownFields.None);
            result.Add(new LocalityDistribution(from ?? "", to.ToEquatableArray()));
        }

        return result.ToEquatableArray();
    }

    private static EquatableArray<KeyValuePair<string, string>> Failover(YamlObject item)
    {
        var result = new List<KeyValuePair<string, string>>();
        foreach (var entry in item.Objects("failover"))
        {
            var from = Region(entry, "from");
            var to = Region(entry, "to");
            if (from is not null && from == to)
            {
                entry.Problems.Error(entry.PositionOf("to"), ProblemCodes.InvalidValue, $"{entry.PathOf("to")} is the region that the calls come from");
            }

            entry.Close(KnownFields.None);
            result.Add(new(from ?? "", to ?? ""));
        }

        return result.ToEquatableArray();
    }

    private static string? Region(YamlObject entry, string field)
    {
        var region = entry.RequiredString(field);
        if (region is not null && region.AsSpan().ContainsAny('/', '*'))
        {
            entry.Problems.Error(entry.PositionOf(field), ProblemCodes.InvalidValue, $"{entry.PathOf(field)} {Quoted.Of(region)} must be a region alone");
        }

        return region;
    }

    /// <summary>A part that is "*" must be the last.</summary>
    private static void CheckLocality(YamlObject entry, SourcePosition position, string path, string? locality)
    {
        var parts = locality?.Split('/') ?? [];
        var wildcard = Array.IndexOf(parts, "*");
        if (parts.Length > MaxParts || parts.Contains("") || (wildcard >= 0 && wildcard != parts.Length - 1))
        {
            entry.Problems.Error(
                position, ProblemCodes.InvalidValue, $"{path} is not a locality of the form region/zone/subzone", "\"*\" may stand for the last part, as in us-west/*");
        }
    }
}
