using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Benchmarks.Harness;
using ProxylessMesh.Server.Authorization;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Benchmarks.Authorization;

/// <summary>A decision among 100 policies of 10 rules, against asking all of them.</summary>
internal sealed class AuthorizationBenchmark : IBenchmark
{
    private const int Policies = 100;
    private const int RulesEach = 10;
    private const int Decisions = 20_000;
    private const int RoundCount = 7;

    public string Name => "authz";

    public string Description => "time and bytes per authorization decision with 100 policies of 10 rules";

    public async Task<IReadOnlyList<Verdict>> RunAsync(TextWriter output)
    {
        var rules = Rules();
        var engine = new RbacEngine(rules);
        RbacPolicy[] scan = [.. rules.Policies.Select(p => new RbacPolicy(p))];
        var request = Request();
        Func<bool> indexed = () => engine.Allows(request, out _);
        Func<bool> naive = () => Array.Exists(scan, p => p.Matches(request));
        var time = await Rounds.RunAsync([Side("index", indexed), Side("scan", naive)], RoundCount);
        Rounds.Print(output, $"ns per decision, median of {RoundCount} rounds", time, "0.0");
        return
        [
            new Verdict("authz-decision", Rounds.Median(time["index"]), " ns", 500, AtLeast: false),
            new Verdict("authz-bytes", Bytes(indexed), " bytes", 0, AtLeast: false),
            new Verdict("authz-scan-vs-index", Rounds.Ratio(time["scan"], time["index"]), "x", 10, AtLeast: true),
        ];
    }

    private static Side Side(string name, Func<bool> decide) => new(name, () => Task.FromResult(Time(decide)));

    private static double Time(Func<bool> decide)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Decisions; i++)
        {
            decide();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Decisions;
    }

    private static double Bytes(Func<bool> decide)
    {
        decide();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Time(decide);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Decisions;
    }

    /// <summary>As the control plane writes them: a method and some paths of an API each.</summary>
    private static RbacRulesConfig Rules() => new(RbacAction.Allow, Enumerable.Range(0, Policies * RulesEach).Select(i =>
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"/api/v1/team{i / RulesEach}/resource{i % RulesEach}");
        RbacConditionConfig[] paths = [new RbacPathConfig(new(StringMatchKind.Exact, name)), new RbacPathConfig(new(StringMatchKind.Prefix, name + "/"))];
        RbacConditionConfig[] methods = [Method("GET"), Method("HEAD")];
        return new RbacPolicyConfig(name, [new RbacAllOfConfig([new RbacAnyOfConfig([.. methods]), new RbacAnyOfConfig([.. paths])])], [new RbacAnyConfig()]);
    }).ToEquatableArray());

    private static RbacHeaderConfig Method(string method) => new(new HeaderMatchConfig(":method", new(StringMatchKind.Exact, method), null, null));

    private static InboundRequest Request()
    {
        const string path = "/api/v1/team99/resource9/items/1234";
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Path = path;
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        return new InboundRequest(context, new InboundConnection(ConnectionKind.Http1), path);
    }
}
