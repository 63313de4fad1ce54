using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Authorization;

/// <summary>100,000 disguises of /admin at a DENY policy and a real Kestrel: what the policy decided against what the app saw.</summary>
public sealed class BypassTests
{
    private const int PerMode = 25_000;

    [Theory]
    [InlineData(1, false, false, 0)]
    [InlineData(2, true, false, 0)]
    [InlineData(3, true, true, 0)]
    [InlineData(4, true, true, 2)]
    public async Task Nothing_gets_past_a_DENY_of_admin(int seed, bool normalize, bool merge, int escaped)
    {
        var http = new HttpConnectionConfig(null, null, [DenyAdmin(), new RouterFilterConfig("router")])
        {
            PathNormalization = new PathNormalizationConfig(normalize, merge, (EscapedSlashes)escaped),
            StripHostDot = true,
        };
        await using var app = await MeshApp.StartAsync(
            new ScriptedMesh(name => Listeners.Of(name, [Listeners.Plaintext with { Http = http }])),
            map: Map);
        var targets = new HostileTargets(seed);
        var requests = Enumerable.Range(0, PerMode).Select(_ => targets.Next()).ToList();

        var halves = await Task.WhenAll(
            PipelinedClient.AskAsync(app.EndPoint, requests[..(PerMode / 2)]),
            PipelinedClient.AskAsync(app.EndPoint, requests[(PerMode / 2)..]));
        var answers = halves.SelectMany(a => a).ToList();

        var wrong = requests.Zip(answers).Where(pair => !IsRight(pair.Second)).Take(5).Select(pair => $"{pair.Second[9..12]} {Header(pair.Second, "x-path")} {Header(pair.Second, "x-handler")} {pair.First}").ToList();
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.True(answers.Count(a => a.StartsWith("HTTP/1.1 403", StringComparison.Ordinal)) > PerMode / 20);
        Assert.True(answers.Count(a => a.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)) > PerMode / 20);
    }

    // Ours has been through the policy and says what the app sees; Kestrel's own 400 has not.
    private static bool IsRight(string head)
    {
        var path = Header(head, "x-path");
        var isAdmin = path is not null && (path is "/admin" || path.StartsWith("/admin/", StringComparison.Ordinal));
        return head[9..12] switch
        {
            "200" => !isAdmin && Header(head, "x-handler") == "other",
            "403" => isAdmin,
            "400" => Header(head, "x-handler") is null,
            _ => false,
        };
    }

    private static string? Header(string head, string name) =>
        head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];

    private static RbacFilterConfig DenyAdmin()
    {
        RbacPathConfig[] paths =
        [
            new(new StringMatchConfig(StringMatchKind.Exact, "/admin", IgnoreCase: true)),
            new(new StringMatchConfig(StringMatchKind.Exact, "/admin/", IgnoreCase: true)),
            new(new StringMatchConfig(StringMatchKind.Prefix, "/admin/", IgnoreCase: true)),
        ];
        return new("rbac", new RbacRulesConfig(RbacAction.Deny, [new("admin", [.. paths], [new RbacAnyConfig()])]), null);
    }

    private static void Map(WebApplication app)
    {
        app.Use((HttpContext context, RequestDelegate next) =>
        {
            // What the app is left with, whoever answers.
            context.Response.OnStarting(() =>
            {
                context.Response.Headers["x-path"] = Uri.EscapeDataString(context.Request.Path.Value!).Replace("%2F", "/", StringComparison.Ordinal).ToLowerInvariant();
                return Task.CompletedTask;
            });
            return next(context);
        });
        app.UseMesh();
        app.UseRouting();
        app.Map("/admin/{**rest}", (HttpContext context) => Answer(context, "admin"));
        app.Map("{**rest}", (HttpContext context) => Answer(context, "other"));
    }

    private static Task Answer(HttpContext context, string handler)
    {
        context.Response.Headers["x-handler"] = handler;
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
