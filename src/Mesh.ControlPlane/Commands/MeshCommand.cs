using System.CommandLine;
using System.CommandLine.Invocation;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary>The command <c>mesh</c>.</summary>
internal static class MeshCommand
{
    public static async Task<int> RunAsync(string[] args, TimeProvider time, InvocationConfiguration configuration, CancellationToken cancellationToken)
    {
        var root = new RootCommand("ProxylessMesh: a service mesh inside the application.")
        {
            AgentCommand.Create(time),
            CertsCommand.Create(time),
            ChaosCommand.Create(time),
            ExplainCommand.Create(time),
            ProxyStatusCommand.Create(),
            RateLimitCommand.Create(time),
            ServeCommand.Create(time),
            TokenCommand.Create(time),
            ValidateCommand.Create(time),
        };
        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction mistake)
        {
            // Nothing goes to standard output but results.
            mistake.ShowHelp = false;
            configuration = new InvocationConfiguration { Output = configuration.Error, Error = configuration.Error };
        }

        if (parsed.CommandResult.Command.Name == AgentCommand.Name)
        {
            // Signals are the app's as well, and it may take its time to end.
            configuration = new InvocationConfiguration { Output = configuration.Output, Error = configuration.Error, ProcessTerminationTimeout = null };
        }

        var result = await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        return parsed.Action is ParseErrorAction ? ExitCodes.Usage : result;
    }
}
