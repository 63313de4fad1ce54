using System.Text;
using Envoy.Service.Ratelimit.V3;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using Unit = Envoy.Service.Ratelimit.V3.RateLimitResponse.Types.RateLimit.Types.Unit;

namespace ProxylessMesh.ControlPlane.RateLimiting;

/// <summary>
/// The YAML of the reference rate limit service (envoyproxy/ratelimit): a domain, and descriptors in one another. Several domains are
/// several documents.
/// </summary>
internal static class RateLimitConfigReader
{
    private const int MaxDepth = 10;

    private static readonly EnumNames<(Unit Unit, TimeSpan Window)> Units = new(
        ("second", (Unit.Second, TimeSpan.FromSeconds(1))),
        ("minute", (Unit.Minute, TimeSpan.FromMinutes(1))),
        ("hour", (Unit.Hour, TimeSpan.FromHours(1))),
        ("day", (Unit.Day, TimeSpan.FromDays(1))),
        ("week", (Unit.Week, TimeSpan.FromDays(7))),
        ("month", (Unit.Month, TimeSpan.FromDays(30))),
        ("year", (Unit.Year, TimeSpan.FromDays(365))));

    private static readonly KnownFields DescriptorFields = new(Unsupported: ["replaces", "valueToMetric", "shareThreshold"], NotApplied: ["detailedMetric"], Irrelevant: []);

    /// <param name="name">For positions.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="domains">Of all documents without mistakes.</param>
    public static IReadOnlyList<ConfigProblem> Read(string name, ReadOnlySpan<byte> bytes, out Dictionary<string, RateLimitNode> domains)
    {
        domains = new Dictionary<string, RateLimitNode>(StringComparer.Ordinal);
        var file = YamlReader.Read(name, Encoding.UTF8.GetString(bytes), YamlLimits.Default);
        if (file.Failure is { } failure)
        {
            return [failure];
        }

        var problems = new ProblemList();
        foreach (var document in file.Documents)
        {
            if (document.Root is not YamlMapping map)
            {
                problems.WrongType(document.Root, "the document", "a map");
                continue;
            }

            var root = new YamlObject(map, "", problems);
            var domain = root.RequiredString("domain");
            var tree = Node(root, limit: null, depth: 0);
            root.Close(KnownFields.None);
            if (domain is not null && !domains.TryAdd(domain, tree))
            {
                problems.Error(root.PositionOf("domain"), ProblemCodes.Conflict, $"domain {Quoted.Of(domain)} stands twice");
            }
        }

        return [.. file.Documents.SelectMany(d => d.Problems), .. problems.ToImmutable()];
    }

    private static RateLimitNode Node(YamlObject owner, ConfiguredLimit? limit, int depth)
    {
        var node = new RateLimitNode { Limit = limit };
        foreach (var item in owner.Objects("descriptors"))
        {
            var key = item.RequiredString("key");
            var value = item.String("value");
            if (depth == MaxDepth)
            {
                item.Problems.Error(item.Position, ProblemCodes.InvalidValue, $"{item.Path} is nested too deep: at most {MaxDepth} levels");
                return node;
            }

            var child = Node(item, Limit(item), depth + 1);
            item.Close(DescriptorFields);
            if (key is not null && !node.TryAdd(key, value is { Length: > 0 } ? value : null, child))
            {
                item.Problems.Error(item.Position, ProblemCodes.Conflict, $"{item.Path} has the key and value of another one");
            }
        }

        return node;
    }

    private static ConfiguredLimit? Limit(YamlObject item)
    {
        var isShadow = item.Bool("shadowMode") ?? false;
        if (item.Object("rateLimit") is not { } limit)
        {
            return null;
        }

        var unlimited = limit.Bool("unlimited") ?? false;
        if (!unlimited)
        {
            limit.ReportIfMissing("unit");
            limit.ReportIfMissing("requestsPerUnit");
        }

        var (unit, window) = limit.Enum("unit", Units, (Unit.Second, TimeSpan.FromSeconds(1)));
        var requests = limit.Int("requestsPerUnit", min: 0);
        var name = limit.String("name") ?? "";
        limit.Close(new KnownFields(Unsupported: ["replaces"], [], []));
        return new ConfiguredLimit(unlimited ? null : (uint)(requests ?? 0), unit, window, name, isShadow);
    }
}
