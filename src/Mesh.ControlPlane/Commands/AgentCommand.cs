using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using ProxylessMesh.ControlPlane.Agent;
using ProxylessMesh.ControlPlane.Agent.Health;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary><c>mesh agent</c>: an app that is not .NET in the mesh.</summary>
internal static class AgentCommand
{
    public const string Name = "agent";

    public static Command Create(TimeProvider time)
    {
        var config = new Option<string?>("--config") { Description = "YAML file with these settings; options win over it." };
        var plane = Parsed<Uri>("--control-plane", "URL of the control plane; https://127.0.0.1:15012 unless told.", AgentText.ControlPlane, AgentText.ControlPlaneForms);
        var roots = new Option<string?>("--root-cert") { Description = "PEM file of the roots that the control plane's certificate must lead to." };
        var token = new Option<string?>("--token") { Description = "File with a join token of the workload's service account." };
        var state = new Option<string?>("--state") { Description = "Folder for certificates, bootstrap and socket; made if it is missing, mode 0700. One for each agent." };
        var name = new Option<string?>("--name") { Description = "Of the workload; app unless told." };
        var ns = new Option<string?>("--namespace") { Description = "Of the workload; default unless told." };
        var account = new Option<string?>("--service-account") { Description = "Of the workload; default unless told." };
        var address = Parsed<string>("--address", "IP address under which others call the app; 127.0.0.1 unless told.", text => IPAddress.TryParse(text, out _) ? text : null, "write an IP address");
        var labels = new Option<string[]>("--label") { Description = "NAME=VALUE, that Services select by; may be repeated.", DefaultValueFactory = _ => [] };
        var ports = new Option<string[]>("--port") { Description = "NAME=NUMBER, that the app listens on; may be repeated. None: it only calls.", DefaultValueFactory = _ => [] };
        var locality = new Option<string?>("--locality") { Description = "REGION/ZONE/SUBZONE." };
        var tls = new Option<bool?>("--mutual-tls") { Description = "The app itself terminates mesh TLS on its ports.", Arity = ArgumentArity.ZeroOrOne };
        var health = Parsed<HealthTarget>("--health", "What is asked; tcp:// to the first port unless told.", text => HealthTarget.TryParse(text, out var target) ? target : null, AgentText.HealthCheckForms);
        var drain = Duration("--drain", "How long callers get to hear that the app goes, before it is told; 5s unless told.");
        var patience = Duration("--stop-timeout", "How long the app gets to stop before it is killed; 30s unless told.");
        var level = new Option<LogLevel>("--log-level") { Description = "How much is logged, to standard error.", DefaultValueFactory = _ => LogLevel.Warning };
        var app = new Argument<string[]>("app") { Description = "The app with its arguments, after --. None: somebody else runs it.", DefaultValueFactory = _ => [] };
        var command = new Command(
            Name,
            """
            Bring an app that is not .NET into the mesh: certificates, gRPC bootstrap, registration while it is healthy.

            Example: mesh agent --state run/reviews --root-cert root-cert.pem --token reviews.token --name reviews-v1 --service-account reviews --label app=reviews --port grpc=9080 -- python3 server.py
            """)
        {
            config, plane, roots, token, state, name, ns, account, address, labels, ports, locality, tls, health, drain, patience, level, app,
        };
        labels.Validators.Add(result => CheckPairs(result, value => value is not null));
        ports.Validators.Add(result => CheckPairs(result, value => Port(value) is not null));
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new AgentSettings
            {
                ControlPlane = parsed.GetValue(plane),
                RootCertificateFile = parsed.GetValue(roots),
                TokenFile = parsed.GetValue(token),
                StateDirectory = parsed.GetValue(state),
                Name = parsed.GetValue(name),
                Namespace = parsed.GetValue(ns),
                ServiceAccount = parsed.GetValue(account),
                Address = parsed.GetValue(address),
                Labels = EquatableMap.From(parsed.GetRequiredValue(labels).Select(Pair).Select(pair => KeyValuePair.Create(pair.Name, pair.Value ?? ""))),
                Ports = parsed.GetRequiredValue(ports).Select(Pair).Select(pair => KeyValuePair.Create(pair.Name, Port(pair.Value) ?? 0)).ToEquatableArray(),
                Locality = parsed.GetValue(locality) is { } place ? AgentText.Locality(place) : null,
                MutualTls = parsed.GetResult(tls) is null ? null : parsed.GetValue(tls) ?? true,
                HealthCheck = parsed.GetValue(health),
                DrainDelay = parsed.GetValue(drain),
                StopTimeout = parsed.GetValue(patience),
                Command = parsed.GetRequiredValue(app).ToEquatableArray(),
            },
            parsed.GetValue(config),
            parsed.GetRequiredValue(level),
            time,
            parsed.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        AgentSettings given, string? file, LogLevel level, TimeProvider time, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            var fromFile = new AgentSettings();
            if (file is not null)
            {
                fromFile = AgentFileReader.Read(file, await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false), out var problems);
                foreach (var problem in problems)
                {
                    await error.WriteLineAsync(problem.ToString()).ConfigureAwait(false);
                }

                if (problems.Count > 0)
                {
                    return ExitCodes.BadData;
                }
            }

            var options = given.Over(fromFile);
            if (MistakeOf(options) is { } mistake)
            {
                await error.WriteLineAsync(mistake).ConfigureAwait(false);
                return ExitCodes.Usage;
            }

            using var logs = new ServeLogs(level);
            return await new WorkloadAgent(options, time, logs.Factory).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Good;
        }
        catch (Exception e) when (e is AgentException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return ExitCodes.Failed;
        }
    }

    private static string? MistakeOf(AgentOptions options) =>
        OperatingSystem.IsWindows() ? "mesh agent works on Linux and macOS: gRPC libraries reach it over a Unix socket"
        : options.StateDirectory.Length == 0 ? "--state is missing: a folder for certificates, bootstrap and socket"
        : new[] { options.RootCertificateFile, options.TokenFile }.OfType<string>().FirstOrDefault(f => !File.Exists(f)) is { } missing ? $"the file {missing} does not exist"
        : options.Workload.MutualTls && options.ControlPlane.Scheme != Uri.UriSchemeHttps ? $"--mutual-tls needs certificates, which {options.ControlPlane} does not give: use its https address"
        : null;

    private static Option<T?> Parsed<T>(string name, string description, Func<string, T?> parse, string forms)
        where T : class => new(name)
        {
            Description = description,
            CustomParser = result =>
            {
                var value = parse(result.Tokens[0].Value);
                if (value is null)
                {
                    result.AddError($"{name} {result.Tokens[0].Value} cannot be read: {forms}");
                }

                return value;
            },
        };

    private static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            if (GoDuration.TryParse(result.Tokens[0].Value, out var duration) && duration >= TimeSpan.Zero && duration <= TimeSpan.FromDays(1))
            {
                return duration;
            }

            result.AddError($"{name} {result.Tokens[0].Value} is no duration: write 500ms, 5s or 1m");
            return null;
        },
    };

    private static void CheckPairs(OptionResult result, Predicate<string?> isValue)
    {
        foreach (var token in result.Tokens)
        {
            if (Pair(token.Value) is not { Name.Length: > 0 } pair || !isValue(pair.Value))
            {
                result.AddError($"{result.Option.Name} {token.Value} cannot be read: {result.Option.Description}");
            }
        }
    }

    private static (string Name, string? Value) Pair(string text) => text.Split('=', 2) is [var name, var value] ? (name, value) : (text, null);

    private static int? Port(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= IPEndPoint.MaxPort ? port : null;
}
