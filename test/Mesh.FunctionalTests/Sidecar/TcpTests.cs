using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Security;
using System.Text;
using ProxylessMesh.FunctionalTests.Attacks;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Sidecar.Tcp;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Sidecar;

/// <summary>A port whose bytes only the app understands.</summary>
public sealed class TcpTests
{
    private const string Service = """
        apiVersion: v1
        kind: Service
        metadata: { name: db, namespace: default }
        spec:
          selector: { app: db }
          ports: [ { name: tcp, port: 3306, targetPort: tcp } ]
        """;

    /// <summary>As MySQL, SMTP and others: a client that waits for it says nothing by which its protocol could be known.</summary>
    [Fact]
    public async Task A_server_that_speaks_first_is_heard_in_plaintext_and_in_TLS()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("db.yaml", Service));
        await using var app = new ScriptedServer(async (connection, _) =>
        {
            await connection.WriteAsync("220 ready\r\n\r\n");
            await connection.WriteAsync($"250 {(await connection.ReadHeadAsync()).Trim()}");
            await connection.FinishAsync();
        });
        await using var sidecar = await SidecarApp.StartAsync(mesh, "db", SidecarApp.Tcp(app.EndPoint) + (options => options.ProtocolDetectionTimeout = TimeSpan.FromMilliseconds(50)));
        var client = await mesh.StartClientAsync();

        await using var plaintext = await Wire.OpenAsync(sidecar.Inbound);
        await using var secure = await Wire.OpenAsync(sidecar.Inbound, client.Identity, new SslApplicationProtocol("istio"));
        foreach (var wire in new[] { plaintext, secure })
        {
            var greeting = new byte[13];
            await wire.Stream.ReadExactlyAsync(greeting);
            await wire.SendAsync("EHLO me\r\n\r\n");

            Assert.Equal("220 ready\r\n\r\n", Encoding.ASCII.GetString(greeting));
            Assert.Equal("250 EHLO me", await wire.ReadToEndAsync());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Half_a_connection_ends_and_the_other_goes_on(bool secure)
    {
        await using var mesh = await MeshEnvironment.StartAsync(("db.yaml", Service));
        await using var app = new ScriptedServer(async (connection, _) =>
        {
            await connection.ReadToEndAsync();
            await connection.WriteAsync("all heard");
        });
        await using var sidecar = await SidecarApp.StartAsync(mesh, "db", SidecarApp.Tcp(app.EndPoint));
        var client = await mesh.StartClientAsync();
        await using var wire = await OpenAsync(sidecar, client, secure);

        await wire.SendAsync(new string('x', 1_000_000));
        await wire.EndSendingAsync();

        Assert.Equal("all heard", await wire.ReadToEndAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_app_may_end_first(bool secure)
    {
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var mesh = await MeshEnvironment.StartAsync(("db.yaml", Service));
        await using var app = new ScriptedServer(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("that is all");
            await connection.FinishAsync();
            heard.SetResult("to the end");
        });
        await using var sidecar = await SidecarApp.StartAsync(mesh, "db", SidecarApp.Tcp(app.EndPoint));
        var client = await mesh.StartClientAsync();
        await using var wire = await OpenAsync(sidecar, client, secure);

        await wire.SendAsync("hello\r\n\r\n");
        Assert.Equal("that is all", await wire.ReadToEndAsync());
        await wire.SendAsync("one more thing");
        await wire.EndSendingAsync();

        Assert.Equal("to the end", await heard.Task.WaitAsync(Poll.Patience));
    }

    [Fact]
    public async Task STRICT_takes_no_plaintext()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("db.yaml", Service), ("mtls.yaml", Yaml.PeerAuthentication("STRICT")));
        await using var app = new ScriptedServer((connection, _) => connection.WriteAsync("220 ready\r\n"));
        await using var sidecar = await SidecarApp.StartAsync(mesh, "db", SidecarApp.Tcp(app.EndPoint));
        var client = await mesh.StartClientAsync();

        await using var plaintext = await Wire.OpenAsync(sidecar.Inbound);
        await plaintext.SendAsync("EHLO me\r\n");
        Assert.Equal("", await plaintext.ReadToEndAsync());
        await using var secure = await Wire.OpenAsync(sidecar.Inbound, client.Identity, new SslApplicationProtocol("istio"));
        Assert.Equal("220 ready\r\n", await secure.ReadToEndAsync());

        Assert.Equal(1, app.Connections);
        Assert.Contains(sidecar.Logs.Entries, e => e.Id.Id == 3001);
    }

    [Fact]
    public async Task An_AuthorizationPolicy_admits_one_account_and_no_other()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("db.yaml", Service), ("allow.yaml", """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: db, namespace: default }
            spec:
              selector: { matchLabels: { app: db } }
              rules:
              - from: [ { source: { principals: [ cluster.local/ns/default/sa/client ] } } ]
            """));
        await using var app = new ScriptedServer((connection, _) => connection.WriteAsync("220 ready\r\n"));
        await using var sidecar = await SidecarApp.StartAsync(mesh, "db", SidecarApp.Tcp(app.EndPoint));
        var client = await mesh.StartClientAsync();
        var stranger = await mesh.StartClientAsync(options => mesh.Join(options, "stranger"));

        await using var allowed = await OpenAsync(sidecar, client, secure: true);
        await using var denied = await OpenAsync(sidecar, stranger, secure: true);
        await using var nobody = await OpenAsync(sidecar, client, secure: false);

        Assert.Equal("220 ready\r\n", await allowed.ReadToEndAsync());
        Assert.Equal("", await denied.ReadToEndAsync());
        Assert.Equal("", await nobody.ReadToEndAsync());
        Assert.Equal(1, app.Connections);
    }

    [Fact]
    public async Task Connections_and_bytes_are_counted_by_Istios_names()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("db.yaml", Service));
        await using var app = new ScriptedServer(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("bye");
            await connection.FinishAsync();
        });
        await using var sidecar = await SidecarApp.StartAsync(mesh, "db", SidecarApp.Tcp(app.EndPoint));
        var client = await mesh.StartClientAsync();
        var counts = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == TcpMetrics.MeterName)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var labels = tags.ToArray().ToDictionary(t => t.Key, t => t.Value);
            if (labels["destination_port"] is int port && port == sidecar.Inbound.Port)
            {
                counts.AddOrUpdate($"{instrument.Name} {labels["reporter"]} {labels["connection_security_policy"]} {labels["source_principal"]}", value, (_, sum) => sum + value);
            }
        });
        listener.Start();

        await using (var wire = await OpenAsync(sidecar, client, secure: true))
        {
            await wire.SendAsync("hello\r\n\r\n");
            await wire.ReadToEndAsync();
        }

        const string labels = "destination mutual_tls spiffe://cluster.local/ns/default/sa/client";
        await Poll.UntilAsync(() => counts.Count == 4, "the end of the connection has not been counted");
        Assert.Equal(1, counts[$"istio_tcp_connections_opened_total {labels}"]);
        Assert.Equal(1, counts[$"istio_tcp_connections_closed_total {labels}"]);
        Assert.Equal(9, counts[$"istio_tcp_received_bytes_total {labels}"]);
        Assert.Equal(3, counts[$"istio_tcp_sent_bytes_total {labels}"]);
    }

    /// <summary>A clean end would be an answer of the app.</summary>
    [Fact]
    public async Task An_app_that_is_not_there_breaks_the_connection()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("db.yaml", Service));
        await using var sidecar = await SidecarApp.StartAsync(mesh, "db", SidecarApp.Tcp(new(System.Net.IPAddress.Loopback, FreePort.Next())));

        await using var wire = await Wire.OpenAsync(sidecar.Inbound);
        await wire.SendAsync("hello");

        await Assert.ThrowsAnyAsync<IOException>(async () => await wire.Stream.ReadExactlyAsync(new byte[1]).AsTask().WaitAsync(Poll.Patience));
        Assert.Contains(sidecar.Logs.Entries, e => e.Id.Id == 5010);
    }

    private static Task<Wire> OpenAsync(SidecarApp sidecar, MeshClient client, bool secure) =>
        secure ? Wire.OpenAsync(sidecar.Inbound, client.Identity, new SslApplicationProtocol("istio")) : Wire.OpenAsync(sidecar.Inbound);
}
