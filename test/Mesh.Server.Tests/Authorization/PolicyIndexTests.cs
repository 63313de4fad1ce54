using System.Net;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Authorization;
using ProxylessMesh.Server.Authorization.Indexing;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Authorization;

public sealed class PolicyIndexTests
{
    private static readonly string[] Paths = ["/", "/a", "/A", "/ab", "/a/b", "/a/b/c", "/b", "/admin", "/admin/", "/%7C"];
    private static readonly string[] Methods = ["GET", "POST", "PUT"];

    /// <summary>Random policies and requests: what the index finds is a match, and it finds one whenever there is one.</summary>
    [Fact]
    public void The_index_decides_as_a_scan_of_all_policies_does()
    {
        var random = new Random(42);
        for (var round = 0; round < 2_000; round++)
        {
            var policies = Enumerable.Range(0, random.Next(0, 12)).Select(i => Policy(random, i)).ToEquatableArray();
            var index = new PolicyIndex(policies);
            var scan = policies.Select(p => new RbacPolicy(p)).ToList();
            for (var i = 0; i < 10; i++)
            {
                var request = Request(random);
                var expected = scan.Where(p => p.Matches(request)).Select(p => p.Name).ToList();
                var found = index.Find(request)?.Name;

                Assert.Equal(expected.Count > 0, found is not null);
                Assert.True(found is null || expected.Contains(found));
            }
        }
    }

    private static RbacPolicyConfig Policy(Random random, int number) => new(
        $"p{number}",
        [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Condition(random, 3))],
        [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Condition(random, 3))]);

    private static RbacConditionConfig Condition(Random random, int depth) => random.Next(depth > 0 ? 9 : 5) switch
    {
        0 => new RbacPathConfig(Text(random, Pick(random, Paths))),
        1 => new RbacHeaderConfig(new HeaderMatchConfig(":method", Text(random, Pick(random, Methods)), null, null, random.Next(5) == 0)),
        2 => new RbacPathTemplateConfig(random.Next(2) == 0 ? "/a/*" : "/a/**"),
        3 => new RbacAuthenticatedConfig(random.Next(4) == 0 ? null : Text(random, "spiffe://a")),
        4 => new RbacAnyConfig(),
        5 => new RbacNotConfig(Condition(random, depth - 1)),
        6 => new RbacAnyOfConfig([Condition(random, depth - 1), Condition(random, depth - 1)]),
        _ => new RbacAllOfConfig([Condition(random, depth - 1), Condition(random, depth - 1)]),
    };

    private static StringMatchConfig Text(Random random, string text) => new((StringMatchKind)random.Next(4), text, random.Next(3) == 0);

    private static InboundRequest Request(Random random)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = Pick(random, Methods);
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        var path = Pick(random, Paths);
        context.Request.Path = PathString.FromUriComponent(path);
        return new InboundRequest(context, new InboundConnection(ConnectionKind.Http1), path);
    }

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
