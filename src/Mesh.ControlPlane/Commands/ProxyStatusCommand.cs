using System.CommandLine;
using System.Net;
using System.Text.Json;
using ProxylessMesh.ControlPlane.Admin;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary><c>mesh proxy-status</c>: which clients have what they were sent, and what they refuse.</summary>
internal static class ProxyStatusCommand
{
    private const string DefaultAddress = "127.0.0.1:8080";
    private const long MaxAnswer = 256 * 1024 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "Only clients of this workload: NAME or NAME.NAMESPACE.", Arity = ArgumentArity.ZeroOrOne };
        var address = new Option<string>("--admin-address") { Description = "Where the control plane answers operators.", DefaultValueFactory = _ => DefaultAddress };
        var output = new Option<string>("--output", "-o") { Description = "How to print.", DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong("table", "wide", "json");
        var command = new Command(
            "proxy-status",
            """
            Print every connected client and, for each type of resource, whether it has what it was sent; then what clients refuse, and why.

            Example: mesh proxy-status reviews-v1.default -o wide
            """)
        {
            name,
            address,
            output,
        };
        command.Aliases.Add("ps");
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(name), parsed.GetRequiredValue(address), parsed.GetRequiredValue(output), parsed.InvocationConfiguration, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string? name, string address, string output, InvocationConfiguration configuration, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate($"http://{address}/debug/syncz", UriKind.Absolute, out var uri) || !IPEndPoint.TryParse(address, out _))
        {
            await configuration.Error.WriteLineAsync($"--admin-address {address} is no address: write 127.0.0.1:8080").ConfigureAwait(false);
            return ExitCodes.Usage;
        }

        try
        {
            var clients = await AskAsync(uri, cancellationToken).ConfigureAwait(false);
            ProxySync[] chosen = [.. clients.Where(c => name is null || c.Name == name || $"{c.Name}.{c.Namespace}" == name)];
            await configuration.Output.WriteLineAsync(output == "json"
                ? JsonSerializer.Serialize(chosen, ProxySyncJson.Default.ProxySyncArray)
                : ProxyStatusTable.Format(chosen, wide: output == "wide")).ConfigureAwait(false);
            return ExitCodes.Good;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            await configuration.Error.WriteLineAsync($"{address} gives no answer: {e.Message} Is the control plane running, with this --admin-address?").ConfigureAwait(false);
            return ExitCodes.Failed;
        }
    }

    private static async Task<ProxySync[]> AskAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = s_patience, MaxResponseContentBufferSize = MaxAnswer };
        var json = await client.GetByteArrayAsync(uri, cancellationToken).ConfigureAwait(false);
        return JsonSerializer.Deserialize(json, ProxySyncJson.Default.ProxySyncArray) ?? [];
    }
}
