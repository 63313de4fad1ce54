using System.Globalization;
using System.Net.Sockets;

namespace Bookinfo.Launcher;

/// <summary>The control plane, <c>mesh serve</c>, which can be killed and started again where it was.</summary>
internal sealed class ControlPlane(string meshFolder, RunDirectory run, Watchdog watchdog) : IAsyncDisposable
{
    private static readonly TimeSpan s_startDeadline = TimeSpan.FromSeconds(20);
    private static readonly string s_assembly = DotnetHost.Assembly("mesh.dll");
    private readonly int _port = FreePorts.Next();
    private readonly int _plaintextPort = FreePorts.Next();

    public string Address => string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_port}");

    public string MeshFolder => meshFolder;

    public ChildProcess? Process { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var process = ChildProcess.Start(
            "control-plane",
            [s_assembly, "serve", "--config", meshFolder, "--data", run.Data, "--xds-address", Local(_plaintextPort), "--secure-address", Local(_port)],
            [],
            run.Root,
            run.Log("control-plane"),
            watchdog);
        Process = process;
        await Poll.UntilAsync(
            async cancel => process.HasExited || (File.Exists(run.RootCertificate) && await AcceptsAsync(cancel)), s_startDeadline, cancellationToken);
        if (process.HasExited || !File.Exists(run.RootCertificate))
        {
            throw new LaunchException($"The control plane did not start. It printed:{Environment.NewLine}{process.Tail(lines: 20)}");
        }
    }

    public async Task KillAsync()
    {
        if (Process is { } process)
        {
            Process = null;
            await process.DisposeAsync();
        }
    }

    /// <summary>Writes a join token, which proves to the control plane who its holder is, to a file that only the user can read.</summary>
    public async Task IssueTokenAsync(string serviceAccount, CancellationToken cancellationToken)
    {
        var token = await DotnetCommand.RunAsync([s_assembly, "token", "create", "--service-account", $"default/{serviceAccount}", "--data", run.Data], cancellationToken);
        await RunDirectory.WriteSecretAsync(run.Token(serviceAccount), token, cancellationToken);
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private static string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private async Task<bool> AcceptsAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", _port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
