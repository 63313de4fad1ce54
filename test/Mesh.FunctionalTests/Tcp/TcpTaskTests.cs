using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.FunctionalTests.MutualTls;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Tcp;

/// <summary>Istio's task "TCP Traffic" with the YAML of docs/security/authorization-tcp.md, from the file to the socket.</summary>
public sealed class TcpTaskTests
{
    private const int Refused = 3700;
    private const int WouldRefuse = 3702;
    private const int Ended = 3703;

    [Fact]
    public async Task The_task_step_by_step()
    {
        await using var echo = await EchoMesh.StartAsync();
        await echo.UntilAsync("9000 9001 9002", echo.Curl);

        echo.Apply("policy.yaml", "action: ALLOW", 0);
        await echo.UntilAsync("9000 9001", echo.Curl);
        Assert.Equal("9000 9001", await echo.AnsweringAsync(null));

        echo.Apply("policy.yaml", "action: ALLOW", 1);
        await echo.UntilAsync("", echo.Curl);
        Assert.Contains("no ALLOW policy matches", await echo.App.Logs.WaitForAsync(Refused), StringComparison.Ordinal);

        echo.Apply("policy.yaml", "action: DENY");
        await echo.UntilAsync("9001", echo.Curl);
    }

    [Fact]
    public async Task By_caller_and_a_changed_policy_ends_open_connections()
    {
        await using var echo = await EchoMesh.StartAsync();
        await echo.UntilAsync("9000 9001 9002", echo.Curl);
        await using var open = await TcpCaller.OpenAsync(echo.Port("9000"), echo.Mesh.Authority.IssueIdentity("spiffe://cluster.local/ns/foo/sa/other"));
        await using var curl = await TcpCaller.OpenAsync(echo.Port("9000"), echo.Curl);
        Assert.Equal("hello a", await open.AskAsync("a"));

        echo.Apply("policy.yaml", "name: by-caller");

        Assert.Equal("", await open.ReadAsync());
        Assert.Contains("ended 1 open connections", await echo.App.Logs.WaitForAsync(Ended), StringComparison.Ordinal);
        Assert.Equal("hello b", await curl.AskAsync("b"));
        await echo.UntilAsync("9000", echo.Curl);
        Assert.Equal("", await echo.AnsweringAsync(null));
    }

    [Fact]
    public async Task STRICT_refuses_plaintext_and_DENY_by_address_refuses_everybody_there()
    {
        await using var echo = await EchoMesh.StartAsync();
        echo.Write("strict.yaml", Yaml.PeerAuthentication("STRICT").Replace("namespace: default", "namespace: foo", StringComparison.Ordinal));
        await echo.UntilAsync("", null);
        await echo.UntilAsync("9000 9001 9002", echo.Curl);

        echo.Write("policy.yaml", Policy("DENY", """{from: [{source: {ipBlocks: ["127.0.0.0/8"]}}], to: [{operation: {notPorts: ["9000"]}}]}"""));

        await echo.UntilAsync("9000", echo.Curl);
    }

    [Fact]
    public async Task A_dry_run_only_says_what_it_would_do()
    {
        await using var echo = await EchoMesh.StartAsync();
        echo.Write("policy.yaml", Policy("ALLOW", """{to: [{operation: {ports: ["9000"]}}]}""", "istio.io/dry-run: \"true\""));

        await Poll.UntilAsync(
            async () => await echo.AnsweringAsync(echo.Curl) == "9000 9001" && echo.App.Logs.Entries.Any(e => e.Id.Id == WouldRefuse), () => "nothing is said of the dry run");

        Assert.DoesNotContain(echo.App.Logs.Entries, e => e.Id.Id == Refused);
    }

    [ToolFact("openssl")]
    public async Task A_foreign_client_with_an_exported_certificate()
    {
        await using var echo = await EchoMesh.StartAsync();
        echo.Apply("policy.yaml", "name: by-caller");
        await echo.UntilAsync("9000", echo.Curl);
        var curl = await ExportedFiles.CreateAsync(echo.Mesh, "foo/curl");
        var other = await ExportedFiles.CreateAsync(echo.Mesh, "foo/other");

        Assert.Contains("hello from openssl", await OpensslAsync(echo.Port("9000"), curl), StringComparison.Ordinal);
        Assert.DoesNotContain("hello", await OpensslAsync(echo.Port("9001"), curl), StringComparison.Ordinal);
        Assert.DoesNotContain("hello", await OpensslAsync(echo.Port("9000"), other), StringComparison.Ordinal);
    }

    private static async Task<string> OpensslAsync(int port, ExportedFiles files)
    {
        var (_, output) = await ToolRun.RunAsync(
            "openssl",
            "from openssl; quit\n",
            "s_client", "-connect", $"127.0.0.1:{port}", "-cert", files.Chain, "-key", files.Key, "-CAfile", files.Roots, "-verify_return_error", "-quiet", "-ign_eof", "-alpn", "istio");
        return output;
    }

    private static string Policy(string action, string rule, string annotations = "") => $$"""
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata:
          name: p
          namespace: foo
          annotations: { {{annotations}} }
        spec:
          selector: { matchLabels: { app: tcp-echo } }
          action: {{action}}
          rules: [ {{rule}} ]
        """;
}
