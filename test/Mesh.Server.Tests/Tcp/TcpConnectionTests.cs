using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Security;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProxylessMesh.Client;
using ProxylessMesh.Server.Tcp;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Tcp;

/// <summary>Connections that carry no requests, judged before the app sees a byte of them.</summary>
public sealed class TcpConnectionTests
{
    private const int Refused = 3700;
    private const int Audited = 3701;
    private const int Ended = 3703;
    private const int NotHttp = 3704;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_server_that_speaks_first_is_heard_at_once_under_DISABLE_and_STRICT()
    {
        // A clock that never moves: nothing waits for time to pass.
        var mesh = new ScriptedMesh(name => Listeners.Tcp(Listeners.Disable(name))) { Time = new FakeTime(TimeProvider.System.GetUtcNow()) };
        await using var app = await StartAsync(mesh);
        using (var caller = await RawConnection.OpenAsync(app))
        {
            Assert.Equal("220 plaintext\n", await caller.ReadUntilAsync("\n"));
        }

        mesh.Push(name => Listeners.Tcp(Listeners.Strict(name)));
        using var secured = await SecureConnection.OpenAsync(app, mesh.Authority.IssueFor("client"), alpn: ["istio"]);
        Assert.Equal("220 spiffe://cluster.local/ns/default/sa/client\n", await secured.ReadUntilAsync("\n"));
    }

    [Fact]
    public async Task Under_PERMISSIVE_a_silent_client_counts_as_plaintext_after_the_time_out()
    {
        var time = new FakeTime(TimeProvider.System.GetUtcNow());
        await using var app = await StartAsync(new ScriptedMesh(name => Listeners.Tcp(Listeners.Permissive(name))) { Time = time });
        using var caller = await RawConnection.OpenAsync(app);
        await time.WhenArmedAsync(1);

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("220 plaintext\n", await caller.ReadUntilAsync("\n"));
        await caller.SendAsync("late"u8.ToArray());
        await caller.ReadUntilAsync("late");
    }

    [Theory]
    [InlineData("P")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n")]
    public async Task Bytes_that_look_like_HTTP_are_not_looked_at(string bytes)
    {
        await using var app = await StartAsync(new ScriptedMesh(name => Listeners.Tcp(Listeners.Permissive(name))));
        using var caller = await RawConnection.OpenAsync(app);

        await caller.SendAsync(Encoding.ASCII.GetBytes(bytes));

        await caller.ReadUntilAsync(bytes);
    }

    [Fact]
    public async Task A_refused_connection_never_reaches_the_app_and_is_said_and_counted()
    {
        var results = new List<string>();
        using var meter = new MeterListener();
        meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == MeshMetrics.ServerTcpMeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        var rules = Rules(RbacAction.Deny, new RbacAuthenticatedConfig(new StringMatchConfig(StringMatchKind.Suffix, "/sa/evil", false)));
        var mesh = new ScriptedMesh(name => Listeners.Tcp(Listeners.Permissive(name), rules));
        await using var app = await StartAsync(mesh);
        meter.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (Tag(tags, "port") is int port && port == app.EndPoint.Port)
            {
                lock (results)
                {
                    results.Add($"{Tag(tags, "result")}");
                }
            }
        });
        meter.Start();

        using (var evil = await SecureConnection.OpenAsync(app, mesh.Authority.IssueFor("evil"), alpn: ["istio"]))
        {
            await evil.EndedAsync();
        }

        Assert.Contains("refused a connection of spiffe://cluster.local/ns/default/sa/evil: p", await app.Logs.WaitForAsync(Refused), StringComparison.Ordinal);
        using var good = await SecureConnection.OpenAsync(app, mesh.Authority.IssueFor("good"), alpn: ["istio"]);
        await good.ReadUntilAsync("/sa/good");
        Assert.Equal(["denied", "allowed"], results);
    }

    [Fact]
    public async Task Rules_that_change_end_what_they_refuse_and_leave_the_rest()
    {
        var mesh = new ScriptedMesh(name => Listeners.Tcp(Listeners.Permissive(name)));
        await using var app = await StartAsync(mesh);
        using var secured = await SecureConnection.OpenAsync(app, mesh.Authority.IssueFor("client"), alpn: ["istio"]);
        await secured.ReadUntilAsync("\n");
        using var plaintext = await RawConnection.OpenAsync(app);
        await plaintext.SendAsync("x"u8.ToArray());
        await plaintext.ReadUntilAsync("x");

        mesh.Push(name => Listeners.Tcp(Listeners.Permissive(name), Rules(RbacAction.Allow, new RbacAuthenticatedConfig(null))));

        Assert.Equal("", await plaintext.ReadToEndAsync());
        Assert.Contains("ended 1 open connections", await app.Logs.WaitForAsync(Ended), StringComparison.Ordinal);
        await secured.WriteAsync("still here");
        await secured.ReadUntilAsync("still here");
    }

    [Fact]
    public async Task Rules_see_server_name_address_and_port_and_audits_are_said()
    {
        var mesh = new ScriptedMesh(name => Listeners.Tcp(
            Listeners.Permissive(name),
            Rules(RbacAction.Log, new RbacAddressConfig(RbacAddress.Peer, CidrConfig.Of(IPAddress.Loopback, 8))),
            Rules(RbacAction.Deny, new RbacAllOfConfig([new RbacServerNameConfig(new StringMatchConfig(StringMatchKind.Exact, "", false)), new RbacPortConfig(1, 65536), new RbacAuthenticatedConfig(null)]))));
        await using var app = await StartAsync(mesh);

        using (var secured = await SecureConnection.OpenAsync(app, mesh.Authority.IssueFor("client"), alpn: ["istio"]))
        {
            await secured.EndedAsync();
        }

        using var plaintext = await RawConnection.OpenAsync(app);
        await plaintext.SendAsync("x"u8.ToArray());
        await plaintext.ReadUntilAsync("x");
        Assert.Contains("AUDIT of a connection, caller spiffe://cluster.local/ns/default/sa/client, address 127.0.0.1: p", await app.Logs.WaitForAsync(Audited), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_handler_behind_rules_for_requests_is_closed_rather_than_open()
    {
        var mesh = new ScriptedMesh(name => Listeners.Filtered(name, new RbacFilterConfig("rbac", Rules(RbacAction.Deny, new RbacNotConfig(new RbacAnyConfig())), null)));
        await using var app = await StartAsync(mesh);
        using (var caller = await RawConnection.OpenAsync(app))
        {
            await caller.SendAsync("GET / HTTP/1.1\r\n"u8.ToArray());
            Assert.Equal("", await caller.ReadToEndAsync());
        }

        Assert.Contains("declare the Service's port as TCP", await app.Logs.WaitForAsync(NotHttp), StringComparison.Ordinal);

        mesh.Push(Listeners.Permissive);
        using var open = await RawConnection.OpenAsync(app);
        await open.SendAsync("x"u8.ToArray());
        await open.ReadUntilAsync("x");

        mesh.Push(name => Listeners.Filtered(name, new RbacFilterConfig("rbac", Rules(RbacAction.Deny, new RbacNotConfig(new RbacAnyConfig())), null)));
        Assert.Equal("", await open.ReadToEndAsync());
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public async Task One_that_reads_first_gets_nothing_to_read(string bytes)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var heard = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var time = new FakeTime(TimeProvider.System.GetUtcNow());
        var mesh = new ScriptedMesh(name => Listeners.Filtered(name, new RbacFilterConfig("rbac", Denied("/admin"), null))) { Time = time };
        await using var app = await MeshApp.StartAsync(
            mesh,
            build: builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Run(async connection =>
            {
                var reading = connection.Transport.Input.ReadAsync();
                begun.SetResult();
                heard.SetResult((await reading).Buffer.Length);
            }))),
            urls: null);
        using var caller = await RawConnection.OpenAsync(app);
        await caller.SendAsync(Encoding.ASCII.GetBytes(bytes));
        await begun.Task.WaitAsync(s_patience);
        time.Advance(RequestProof.Patience);

        Assert.Equal(0, await heard.Task.WaitAsync(s_patience));
        await app.Logs.WaitForAsync(NotHttp);
    }

    [Theory]
    [InlineData("1.1", true)]
    [InlineData("2.0", true)]
    [InlineData("1.1", false)]
    [InlineData("2.0", false)]
    [InlineData("2.0", false, HttpProtocols.Http2)]
    public async Task An_HTTP_server_behind_middleware_of_the_apps_own_is_served_and_its_requests_are_judged(string version, bool isSecured, HttpProtocols protocols = HttpProtocols.Http1AndHttp2)
    {
        var mesh = new ScriptedMesh(name => Listeners.Filtered(name, new RbacFilterConfig("rbac", Denied("/admin"), null)));
        await using var app = await MeshApp.StartAsync(
            mesh,
            build: builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
            {
                endpoint.Protocols = protocols;
                endpoint.UseConnectionLogging().Use(next => async connection =>
                {
                    await Task.Yield();
                    await next(connection);
                });
            })),
            map: a => a.MapGet("/admin", () => "secret"),
            urls: null);
        using var client = isSecured ? Callers.Secure(app, Version.Parse(version), mesh.Authority.IssueFor("client")) : Callers.Plaintext(app, Version.Parse(version));

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/whoami")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/admin")).StatusCode);
        if (protocols == HttpProtocols.Http1AndHttp2)
        {
            using var unnamed = await SecureConnection.OpenAsync(app, mesh.Authority.IssueFor("client"), alpn: ["istio"]);
            Assert.Contains("spiffe://", await unnamed.AskAsync(), StringComparison.Ordinal);
        }

        mesh.Push(name => Listeners.Filtered(name, new RbacFilterConfig("rbac", Denied("/whoami"), null)));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/admin")).StatusCode);
        Assert.DoesNotContain(app.Logs.Entries, e => e.Id.Id == NotHttp || e.Id.Id == Ended);
    }

    [Theory]
    [InlineData("1.1", true)]
    [InlineData("2.0", true)]
    [InlineData("1.1", false)]
    [InlineData("2.0", false)]
    public async Task An_HTTP_server_behind_a_port_of_TCP_is_served_by_the_rules_for_connections(string version, bool isSecured)
    {
        var mesh = new ScriptedMesh(name => Listeners.Tcp(Listeners.Permissive(name), Rules(RbacAction.Allow, new RbacAuthenticatedConfig(null))));
        await using var app = await MeshApp.StartAsync(mesh);
        if (isSecured)
        {
            using var client = Callers.Secure(app, Version.Parse(version), mesh.Authority.IssueFor("client"));
            Assert.StartsWith("spiffe://cluster.local/ns/default/sa/client", await client.GetStringAsync("/whoami"), StringComparison.Ordinal);
        }
        else
        {
            using var client = Callers.Plaintext(app, Version.Parse(version));
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/whoami"));
        }
    }

    /// <summary>Which only shows in the first bytes: the endpoint must have been known as one of HTTP.</summary>
    [Fact]
    public async Task Without_rules_it_is_served_in_plaintext_HTTP2_too()
    {
        await using var app = await MeshApp.StartAsync(new ScriptedMesh(name => Listeners.Tcp(Listeners.Permissive(name))));
        using var client = Callers.Plaintext(app, HttpVersion.Version20);

        Assert.StartsWith("plaintext HTTP/2", await client.GetStringAsync("/whoami"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task STRICT_closes_plaintext()
    {
        await using var app = await StartAsync(new ScriptedMesh(name => Listeners.Tcp(Listeners.Strict(name))));
        using var caller = await RawConnection.OpenAsync(app);

        await caller.SendAsync("x"u8.ToArray());

        Assert.Equal("", await caller.ReadToEndAsync());
        Assert.Contains("it is plaintext", await app.Logs.WaitForAsync(3001), StringComparison.Ordinal);
    }

    private static Task<MeshApp> StartAsync(ScriptedMesh mesh) => MeshApp.StartAsync(
        mesh,
        build: builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseConnectionHandler<Greeter>())),
        urls: null);

    private static RbacRulesConfig Rules(RbacAction action, RbacConditionConfig principal) =>
        new(action, [new RbacPolicyConfig("p", [new RbacAnyConfig()], [principal])]);

    private static RbacRulesConfig Denied(string path) =>
        new(RbacAction.Deny, [new RbacPolicyConfig("p", [new RbacPathConfig(new StringMatchConfig(StringMatchKind.Exact, path, false))], [new RbacAnyConfig()])]);

    private static object? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var (key, value) in tags)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }
}
