using System.CommandLine;
using System.Net;
using ProxylessMesh.ControlPlane.RateLimiting;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary><c>mesh ratelimit</c>: a rate limit service for development, until it is told to stop.</summary>
internal static class RateLimitCommand
{
    public static Command Create(TimeProvider time)
    {
        var config = new Option<string>("--config") { Description = "File with the limits, in the YAML of envoyproxy/ratelimit.", Required = true };
        var address = new Option<IPEndPoint>("--address")
        {
            Description = "Where gRPC is served, in plaintext.",
            DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, 8081),
            CustomParser = result => ServeCommand.Address(result)!,
        };
        var command = new Command(
            "ratelimit",
            """
            Run a rate limit service that keeps its counts in memory: for development. Stops on SIGINT and SIGTERM.

            Example: mesh ratelimit --config limits.yaml --address 127.0.0.1:8081
            """)
        {
            config,
            address,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(config), parsed.GetRequiredValue(address), time, parsed.InvocationConfiguration, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string file, IPEndPoint address, TimeProvider time, InvocationConfiguration configuration, CancellationToken cancellationToken)
    {
        using var logs = new ServeLogs(LogLevel.Warning);
        try
        {
            var problems = RateLimitConfigReader.Read(Path.GetFileName(file), await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false), out var domains);
            foreach (var problem in problems)
            {
                await configuration.Error.WriteLineAsync(problem.ToString()).ConfigureAwait(false);
            }

            if (problems.Any(p => p.Severity == ProblemSeverity.Error))
            {
                return ExitCodes.BadData;
            }

            var server = new RateLimitServer(new RateLimitService(domains, new RateLimitCounters(time)), address, time, logs.Factory);
            await using (server.ConfigureAwait(false))
            {
                await server.StartAsync(cancellationToken).ConfigureAwait(false);
                await configuration.Output.WriteLineAsync($"Rate limits of {string.Join(", ", domains.Keys.Order(StringComparer.Ordinal))} on {server.EndPoint} (plaintext gRPC)").ConfigureAwait(false);
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
            }

            return ExitCodes.Good;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Good;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            await configuration.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return ExitCodes.Usage;
        }
        catch (IOException e)
        {
            await configuration.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return ExitCodes.Failed;
        }
    }
}
