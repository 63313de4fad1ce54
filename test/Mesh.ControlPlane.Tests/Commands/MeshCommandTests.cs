using System.CommandLine;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.Commands;

namespace ProxylessMesh.ControlPlane.Tests.Commands;

public sealed class MeshCommandTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mesh-command-");
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private string Data => Path.Combine(_root.FullName, "data");

    [Fact]
    public async Task A_token_is_one_line_that_proves_the_account()
    {
        Assert.Equal(0, await RunAsync("token", "create", "--service-account", "default/bookinfo-reviews", "--data", Data, "--ttl", "30m"));

        var line = Assert.Single(_output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var token = JoinTokens.Open(Data, TimeProvider.System).Verify(line.Trim(), out _);
        Assert.Equal(("default", "bookinfo-reviews"), (token?.Namespace, token?.ServiceAccount));
        Assert.InRange(token!.Expires - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(30));
    }

    [Theory]
    [InlineData("serve", "--config", "DATA", "--data", "DATA", "--trust-domain", "Upper.Case")]
    [InlineData("serve", "--config", "DATA", "--data", "DATA", "--trust-domain-alias", "a/b")]
    [InlineData("serve", "--config", "DATA", "--data", "DATA", "--token-jwks", "keys.json")]
    [InlineData("serve", "--config", "DATA", "--data", "DATA", "--token-jwks", "keys.json", "--token-issuer", "i", "--token-review-server", "https://k")]
    [InlineData("token", "create", "--service-account", "default", "--data", "DATA")]
    [InlineData("token", "create", "--service-account", "default/a/b", "--data", "DATA")]
    [InlineData("token", "create", "--service-account", "default/a b", "--data", "DATA")]
    [InlineData("token", "create", "--service-account", "default/a", "--data", "DATA", "--ttl", "soon")]
    [InlineData("token", "create", "--service-account", "default/a", "--data", "DATA", "--ttl", "100000h")]
    [InlineData("token", "create", "--service-account", "default/a")]
    [InlineData("serve", "--config", "NOWHERE", "--data", "DATA")]
    [InlineData("serve", "--config", "NOWHERE", "--data", "DATA", "--xds-address", "15010")]
    [InlineData("serve", "--config", "NOWHERE", "--data", "DATA", "--secure-address", "localhost:15012")]
    [InlineData("serve")]
    [InlineData("proxy-status", "--admin-address", "nowhere")]
    [InlineData("proxy-status", "-o", "xml")]
    [InlineData("sevre")]
    public async Task What_is_asked_wrongly_exits_with_64_and_prints_nothing_but_the_reason(params string[] args)
    {
        var real = args.Select(arg => arg switch { "DATA" => Data, "NOWHERE" => Path.Combine(_root.FullName, "nowhere"), _ => arg });

        Assert.Equal(64, await RunAsync([.. real]));

        Assert.Equal("", _output.ToString());
        Assert.NotEqual("", _error.ToString());
    }

    [Fact]
    public async Task A_damaged_key_exits_with_65()
    {
        await RunAsync("token", "create", "--service-account", "default/a", "--data", Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "token-key"), "damaged");

        Assert.Equal(65, await RunAsync("token", "create", "--service-account", "default/a", "--data", Data));
    }

    [Theory]
    [InlineData("proxy-status", "Example: mesh proxy-status")]
    [InlineData("serve", "Example: mesh serve")]
    [InlineData("token create", "Example: mesh token create")]
    [InlineData("validate", "Example: mesh validate")]
    public async Task Every_help_has_an_example(string command, string example)
    {
        Assert.Equal(0, await RunAsync([.. command.Split(' '), "--help"]));

        Assert.Contains(example, _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_says_where_it_listens_what_it_holds_and_what_it_rejected_and_stops_when_told()
    {
        var config = _root.CreateSubdirectory("config").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(config, "a.yaml"),
            "apiVersion: v1\nkind: Service\nmetadata: { name: reviews }\nspec: { ports: [ { port: 80 } ] }\n---\napiVersion: v1\nkind: Servce\nmetadata: { name: b }\n");
        var output = await ServeUntilAsync(config, "MESH1004");

        var lines = output.Split(Environment.NewLine);
        Assert.Matches(@"^xds      http://127\.0\.0\.1:[1-9]\d* \(plaintext, loopback only\)$", lines[0]);
        Assert.Matches(@"^secure   https://127\.0\.0\.1:[1-9]\d* .*root-cert\.pem\)$", lines[1]);
        Assert.EndsWith("(watched): 1 Service", lines[2], StringComparison.Ordinal);
        Assert.Matches(@"^admin    http://127\.0\.0\.1:[1-9]\d* \(loopback only\)$", lines[3]);
        Assert.Equal("rejected 1:", lines[4]);
        Assert.StartsWith("a.yaml:7:7 error MESH1004", lines[5], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_says_what_is_as_it_was_before_the_restart()
    {
        var config = _root.CreateSubdirectory("config").FullName;
        var file = Path.Combine(config, "a.yaml");
        await File.WriteAllTextAsync(file, "apiVersion: v1\nkind: Service\nmetadata: { name: reviews }\nspec: { ports: [ { port: 80 } ] }\n");
        await ServeUntilAsync(config, "admin");
        await File.WriteAllTextAsync(file, "{");

        var output = await ServeUntilAsync(config, "MESH1001");

        Assert.Contains("(watched): 1 Service", output, StringComparison.Ordinal);
        Assert.Contains("kept     of a.yaml, as before the restart: Service default/reviews", output, StringComparison.Ordinal);
    }

    public void Dispose() => _root.Delete(recursive: true);

    private async Task<string> ServeUntilAsync(string config, string text)
    {
        using var stop = new CancellationTokenSource();
        var output = new SignallingWriter(text);
        var running = MeshCommand.RunAsync(
            ["serve", "--config", config, "--data", Data, "--xds-address", "127.0.0.1:0", "--secure-address", "127.0.0.1:0", "--admin-address", "127.0.0.1:0", "--log-level", "None"],
            TimeProvider.System,
            new InvocationConfiguration { Output = output, Error = _error },
            stop.Token);
        await Task.WhenAny(running, output.Seen).WaitAsync(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        Assert.Equal(0, await running.WaitAsync(TimeSpan.FromSeconds(30)));
        return output.ToString();
    }

    private Task<int> RunAsync(params string[] args) =>
        MeshCommand.RunAsync(args, TimeProvider.System, new InvocationConfiguration { Output = _output, Error = _error }, CancellationToken.None);

    /// <summary>Tells when a text has been written.</summary>
    private sealed class SignallingWriter(string text) : StringWriter
    {
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => _seen.Task;

        public override async Task FlushAsync()
        {
            await base.FlushAsync();
            if (ToString().Contains(text, StringComparison.Ordinal))
            {
                _seen.TrySetResult();
            }
        }
    }
}
