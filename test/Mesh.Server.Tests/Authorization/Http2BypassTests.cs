using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Authorization;

/// <summary>
/// Disguised paths, methods, hosts and headers in raw HTTP/2 frames at a DENY and an ALLOW policy: what the policies decided against
/// what the app saw, of both in the same process.
/// </summary>
public sealed class Http2BypassTests
{
    private const int Requests = 20_000;
    private const int Batch = 25;

    private static readonly string[] Methods = ["GET", "GET", "get", "POST", "Post", "DELETE", "PURGE", "HEAD", "G=T"];
    private static readonly string[] Hosts = ["reviews", "Reviews", "reviews:9080", "reviews.", "admin.example", "ADMIN.example:80", "admin.example.", "[::1]", "xadmin.example", ""];
    private static readonly string[] Names = ["x-role", "x-role", "x_role", "xrole", "cookie", "x-original-url", "x-forwarded-host"];

    // Each ends its connection.
    private static readonly string[] Malformed = ["X-Role", "x-role ", "x-role\0", "te", ":role"];
    private static readonly string[] Values = ["admin", "Admin", "admin ", "admin,x", "x,admin", "", "reviews", "trailers"];

    private readonly ConcurrentDictionary<string, Outcome> _outcomes = new();

    [Theory]
    [InlineData(11, true)]
    [InlineData(12, false)]
    public async Task Nothing_gets_past(int seed, bool deny)
    {
        var rules = deny ? Deny() : Allow();
        var http = new HttpConnectionConfig(null, null, [new RbacFilterConfig("rbac", rules, null), new RouterFilterConfig("router")])
        {
            PathNormalization = new PathNormalizationConfig(true, false, EscapedSlashes.Keep),
            StripHostDot = true,
        };
        await using var app = await MeshApp.StartAsync(
            new ScriptedMesh(name => Listeners.Of(name, [Listeners.Plaintext with { Http = http }])), map: Map);

        await SendAsync(app, new Random(seed), new HostileTargets(seed));

        var wrong = _outcomes.Values.Where(o => !(deny ? IsRightOfDeny(o) : IsRightOfAllow(o))).Take(5).ToList();
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.InRange(_outcomes.Count, Requests / 2, Requests);
        Assert.InRange(_outcomes.Values.Count(o => o.Status == 403), Requests / 20, Requests);
        Assert.InRange(_outcomes.Values.Count(o => o.Status == 200), Requests / 400, Requests);
    }

    // DENY: /admin and below, host admin.example, header x-role: admin.
    private static bool IsRightOfDeny(Outcome o)
    {
        var forbidden = IsAdmin(o.Path) || IsHost(o.Host, "admin.example") || o.Role == "admin";
        return o.Status switch { 200 => !forbidden && o.Handler == "other", 403 => forbidden && o.Handler is null, 400 => o.Handler is null, _ => false };
    }

    // ALLOW: GET of paths that begin with /app, of host reviews.
    private static bool IsRightOfAllow(Outcome o)
    {
        var allowed = o.Method == "GET" && o.Path.StartsWith("/app", StringComparison.Ordinal) && IsHost(o.Host, "reviews");
        return o.Status switch { 200 => allowed && o.Handler is not null, 403 => !allowed && o.Handler is null, 400 => o.Handler is null, _ => false };
    }

    private static bool IsAdmin(string path) =>
        path.Equals("/admin", StringComparison.OrdinalIgnoreCase) || path.StartsWith("/admin/", StringComparison.OrdinalIgnoreCase);

    private static bool IsHost(string seen, string host) => seen.Equals(host, StringComparison.OrdinalIgnoreCase) || seen.StartsWith(host + ":", StringComparison.OrdinalIgnoreCase);

    private static RbacRulesConfig Deny() => new(RbacAction.Deny,
    [
        new("path", [Path(StringMatchKind.Exact, "/admin"), Path(StringMatchKind.Prefix, "/admin/")], [new RbacAnyConfig()]),
        new("host", [.. Host("admin.example")], [new RbacAnyConfig()]),
        new("role", [new RbacHeaderConfig(HeaderIs("x-role", new StringMatchConfig(StringMatchKind.Exact, "admin")))], [new RbacAnyConfig()]),
    ]);

    private static RbacRulesConfig Allow() => new(RbacAction.Allow,
    [
        new(
            "app",
            [
                new RbacAllOfConfig(
                [
                    new RbacHeaderConfig(HeaderIs(":method", new StringMatchConfig(StringMatchKind.Exact, "GET"))),
                    new RbacPathConfig(new StringMatchConfig(StringMatchKind.Prefix, "/app")),
                    new RbacAnyOfConfig([.. Host("reviews")]),
                ]),
            ],
            [new RbacAnyConfig()]),
    ]);

    private static RbacPathConfig Path(StringMatchKind kind, string value) => new(new StringMatchConfig(kind, value, IgnoreCase: true));

    private static RbacConditionConfig[] Host(string host) =>
    [
        new RbacHeaderConfig(HeaderIs(":authority", new StringMatchConfig(StringMatchKind.Exact, host, IgnoreCase: true))),
        new RbacHeaderConfig(HeaderIs(":authority", new StringMatchConfig(StringMatchKind.Prefix, host + ":", IgnoreCase: true))),
    ];

    private static HeaderMatchConfig HeaderIs(string name, StringMatchConfig value) => new(name, value, null, null);

    private static async Task SendAsync(MeshApp app, Random random, HostileTargets targets)
    {
        for (var sent = 0; sent < Requests;)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(app.EndPoint);
            await using var attack = new Http2Attack(new NetworkStream(socket, ownsSocket: true));
            await attack.OpenAsync();
            sent += await SendAsync(attack, sent, random, targets);
        }
    }

    // Until the server has had enough: some of what is sent is a reason to end the connection.
    private static async Task<int> SendAsync(Http2Attack attack, int before, Random random, HostileTargets targets)
    {
        var stream = 1;
        for (var sent = 0; before + sent < Requests; sent += Batch)
        {
            var open = new HashSet<int>();
            for (var i = 0; i < Batch; i++, stream += 2)
            {
                attack.AddRequest(stream, Fields(before + sent + i, random, targets));
                open.Add(stream);
            }

            try
            {
                await attack.FlushAsync();
            }
            catch (IOException)
            {
                return sent + Batch;
            }

            while (open.Count > 0)
            {
                if (await attack.ReadAsync() is not { Type: not Http2Frame.GoAway } frame)
                {
                    return sent + Batch;
                }

                if (frame.Type == Http2Frame.RstStream || (frame.EndsStream && frame.Type is Http2Frame.Headers or Http2Frame.Data))
                {
                    open.Remove(frame.Stream);
                }
            }
        }

        return Requests;
    }

    private static (string, string)[] Fields(int id, Random random, HostileTargets targets)
    {
        var fields = new List<(string, string)> { (":method", Pick(Methods)), (":scheme", "http"), (":path", targets.NextPath()) };
        if (random.Next(10) > 0)
        {
            fields.Add((":authority", Pick(Hosts)));
        }

        if (random.Next(8) == 0)
        {
            fields.Add(("host", Pick(Hosts)));
        }

        fields.Add(("x-id", id.ToString(CultureInfo.InvariantCulture)));
        if (random.Next(4) == 0)
        {
            fields.Add((Pick(random.Next(50) == 0 ? Malformed : Names), Pick(Values)));
        }

        return [.. fields];

        string Pick(string[] from) => from[random.Next(from.Length)];
    }

    private void Map(WebApplication app)
    {
        app.Use(async (HttpContext context, RequestDelegate next) =>
        {
            var id = context.Request.Headers["x-id"].ToString();
            await next(context);
            _outcomes[id] = new Outcome(
                context.Response.StatusCode,
                context.Request.Method,
                context.Request.Path.Value!,
                context.Request.Host.Value!,
                context.Request.Headers["x-role"].ToString(),
                context.Items["handler"] as string);
        });
        app.UseMesh();
        app.UseRouting();
        app.Map("/admin/{**rest}", (HttpContext context) => Answer(context, "admin"));
        app.Map("{**rest}", (HttpContext context) => Answer(context, "other"));
    }

    private static Task Answer(HttpContext context, string handler)
    {
        context.Items["handler"] = handler;
        return Task.CompletedTask;
    }

    private sealed record Outcome(int Status, string Method, string Path, string Host, string Role, string? Handler);
}
