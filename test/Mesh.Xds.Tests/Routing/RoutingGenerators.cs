using FsCheck;
using FsCheck.Fluent;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Tests.Routing;

/// <summary>
/// Random configurations and requests over a small vocabulary, so that they meet often: two letters, short words, few names.
/// </summary>
internal static class RoutingGenerators
{
    private static readonly Gen<string> Word =
        Gen.Elements("a", "b", "aa", "ab", "ba", "A", "B", "aB", "a/b", "1", "2", "7", "-3", "x.y");

    private static readonly Gen<string> MaybeEmptyWord = Gen.OneOf(Word, Word, Word, Gen.Constant(""));

    private static readonly Gen<string> Expression = Gen.Elements("a*", "a|b", "[ab]+", "[^a]", "(a|ab)(b|)", ".*b", "/a?.*", "/(a|b)/?[ab]*", "[0-9]+");

    private static readonly Gen<string> Path =
        Gen.Elements("/", "/a", "/b", "/ab", "/A", "/a/", "/a/b", "/a/B", "/aa/b", "/b/a");

    private static readonly Gen<string> HeaderName =
        Gen.Elements("h", "k", "h-bin", ":method", ":authority", ":path", ":scheme");

    private static readonly Gen<bool> Coin = Gen.Elements(true, false);

    private static readonly Gen<StringMatchConfig> Text =
        from kind in Gen.Elements(Enum.GetValues<StringMatchKind>())
        from word in kind == StringMatchKind.Regex ? Expression : kind == StringMatchKind.Exact ? MaybeEmptyWord : Word
        from ignoreCase in Coin
        select new StringMatchConfig(kind, word, ignoreCase);

    private static readonly Gen<PathMatchConfig> PathMatch =
        from kind in Gen.Elements(Enum.GetValues<PathMatchKind>())
        from value in kind == PathMatchKind.Regex ? Expression
            : kind == PathMatchKind.SegmentPrefix ? Gen.Elements("/a", "/b", "/a/b", "/A")
            : Path
        from caseSensitive in Coin
        select new PathMatchConfig(kind, value, caseSensitive);

    private static readonly Gen<HeaderMatchConfig> HeaderMatch =
        from name in HeaderName
        from text in Text
        from low in Gen.Choose(-4, 4)
        from width in Gen.Choose(0, 6)
        from present in Coin
        from invert in Coin
        from missingIsEmpty in Coin
        from kind in Gen.Choose(0, 2)
        select kind switch
        {
            0 => new HeaderMatchConfig(name, text, null, null, invert, missingIsEmpty),
            1 => new HeaderMatchConfig(name, null, new Int64RangeConfig(low, low + width), null, invert, missingIsEmpty),
            _ => new HeaderMatchConfig(name, null, null, present, invert, missingIsEmpty),
        };

    private static readonly Gen<QueryMatchConfig> QueryMatch =
        from name in Gen.Elements("q", "p")
        from text in Text
        from present in Coin
        from asksValue in Coin
        select asksValue ? new QueryMatchConfig(name, text) : new QueryMatchConfig(name, null, present);

    private static readonly Gen<RouteMatchConfig> RouteMatch =
        from path in PathMatch
        from headers in Few(HeaderMatch)
        from query in Few(QueryMatch)
        from share in Gen.Elements<int?>(null, null, null, 0, 300_000, 1_000_000)
        select new RouteMatchConfig(path, headers.ToEquatableArray(), query.ToEquatableArray(), share);

    public static Gen<RouteConfig> Config { get; } =
        from domains in Gen.Shuffle(new[] { "*", "a.b", "a.b:1", "*.b", "*a.b", "*-a.b", "a.*", "a.b.*", "a*", "*b", "b", "aa.b", "*.a.b", "[::1]:1" })
        from hosts in Gen.Choose(1, 4)
        from perHost in Gen.Choose(1, 3)
        from matches in Gen.ArrayOf(RouteMatch, 24)
        from routes in Gen.Elements(0, 1, 2, 4, 6, 24)
        select new RouteConfig("r", Enumerable.Range(0, hosts).Select(h => new VirtualHostConfig(
            $"v{h}",
            domains.Skip(h * perHost).Take(perHost).ToEquatableArray(),
            Enumerable.Range(0, routes).Select(r => new RouteEntryConfig($"v{h}r{r}", matches[((h * 6) + r) % 24], NonForwardingActionConfig.Instance)).ToEquatableArray())).ToEquatableArray());

    public static Gen<RequestStub> Request { get; } =
        from authority in Gen.Elements("a.b", "A.b", "a.b:1", "x.b", "xa.b", "x-a.b", "a.c", "a.b.c", "b", "B", ".b", "aa.b", "z.a.b", "[::1]:1", "zz", "")
        from path in Path
        from query in Gen.Elements("", "q", "q=a", "q=b&p=a", "p=1&q=", "q=a&q=b", "pq=a", "&q=ab&", "q=A=b")
        from method in Gen.Elements("GET", "a", "A")
        from scheme in Gen.Elements("http", "https")
        from values in Gen.ArrayOf(MaybeEmptyWord, 3)
        from has in Gen.ArrayOf(Coin, 3)
        select new RequestStub(authority, path, query, method, scheme, new[] { "h", "k", "h-bin" }
            .Zip(values, has)
            .Where(header => header.Third)
            .ToDictionary(header => header.First, header => header.Second));

    private static Gen<T[]> Few<T>(Gen<T> of) =>
        from count in Gen.Elements(0, 0, 0, 1, 2)
        from items in Gen.ArrayOf(of, count)
        select items;
}
