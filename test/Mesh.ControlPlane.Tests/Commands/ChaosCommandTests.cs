using System.CommandLine;
using ProxylessMesh.ControlPlane.Commands;
using ProxylessMesh.ControlPlane.Tests.Sources.Files;
using ProxylessMesh.Testing;

namespace ProxylessMesh.ControlPlane.Tests.Commands;

public sealed class ChaosCommandTests : IDisposable
{
    private const string Services = """
        {apiVersion: v1, kind: Service, metadata: {name: reviews}, spec: {selector: {app: reviews}, ports: [{port: 9080, name: http}]}}
        """;

    private readonly TemporaryFolder _folder = new();

    public ChaosCommandTests() => _folder.Write("services.yaml", Services);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ADryRunPrintsThePlan() => Assert.Equal(
        (0,
        """
        BEGAN                 ENDED                 SERVICE                            OUTCOME      FAULT
        2030-01-01 09:00:00Z  2030-01-01 09:10:00Z  reviews.default.svc.cluster.local  planned      10 % of requests aborted with gRPC UNAVAILABLE
        2030-01-02 09:00:00Z  2030-01-02 09:10:00Z  reviews.default.svc.cluster.local  planned      10 % of requests aborted with gRPC UNAVAILABLE

        """,
        ""),
        await RunAsync("--grpc-abort", "UNAVAILABLE", "--schedule", "Mon-Fri 09:00-17:00", "--count", "2", "--dry-run"));

    [Fact]
    public async Task PrintsJson()
    {
        var (exit, output, _) = await RunAsync("--delay", "2s", "--percentage", "0.5", "--seed", "1", "--count", "1", "--dry-run", "-o", "json");

        Assert.Equal(0, exit);
        Assert.Contains("\"fault\": \"0.5 % of requests delayed by 2 s\"", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("say which fault: --delay, --abort or --grpc-abort")]
    [InlineData("--abort 99 is no HTTP status", "--abort", "99")]
    [InlineData("--grpc-abort UNAVAILABL is no gRPC status", "--grpc-abort", "UNAVAILABL")]
    [InlineData("--percentage 60 is more than --max-percentage 50", "--abort", "503", "--percentage", "60")]
    [InlineData("--percentage 0 is out of range", "--abort", "503", "--percentage", "0")]
    [InlineData("--every is shorter than --duration", "--abort", "503", "--every", "1m", "--duration", "2m")]
    [InlineData("--schedule is shorter than --duration", "--abort", "503", "--schedule", "10:00-10:05", "--duration", "10m")]
    [InlineData("--max-services must be at least 1", "--abort", "503", "--max-services", "0")]
    [InlineData("--count must be 1 to 10000", "--abort", "503", "--count", "0")]
    [InlineData("--delay soon is no such duration", "--delay", "soon")]
    [InlineData("--duration 25h is no such duration", "--abort", "503", "--duration", "25h")]
    [InlineData("--schedule weekly is no window", "--abort", "503", "--schedule", "weekly")]
    [InlineData("does not exist", "--abort", "503", "--config", "nowhere")]
    public async Task WrongUseExitsWith64AndChangesNothing(string expected, params string[] args)
    {
        var (exit, output, error) = await RunAsync(args);

        Assert.Equal((64, ""), (exit, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    private async Task<(int Exit, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        string[] all = args.Contains("--config") ? ["chaos", .. args] : ["chaos", "--config", _folder.Path, .. args];
        var exit = await MeshCommand.RunAsync(all, new FakeTime(), new InvocationConfiguration { Output = output, Error = error }, CancellationToken.None);
        return (exit, output.ToString(), error.ToString());
    }
}
