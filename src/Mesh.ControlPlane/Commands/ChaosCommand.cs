using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using ProxylessMesh.ControlPlane.Chaos;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Resources.Readers;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary><c>mesh chaos</c>: faults for services picked at random, for a while, and always taken back.</summary>
internal static class ChaosCommand
{
    private const string Text = "text";
    private const string Json = "json";
    private const int DefaultPlan = 5;

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(TimeProvider time)
    {
        var config = new Option<string>("--config") { Description = "The folder that mesh serve watches; experiments are put there.", Required = true };
        var every = Duration("--every", "Time from one experiment to the next: 1s to 744h; 24h unless told.", TimeSpan.FromHours(744));
        var duration = Duration("--duration", "How long a fault lasts: 1s to 24h; 10m unless told.", ChaosExperimentReader.Longest);
        var schedule = new Option<ChaosWindow>("--schedule")
        {
            Description = "When experiments may run, UTC: \"Mon-Fri 09:00-17:00\". They begin and end inside.",
            CustomParser = Window,
        };
        var delay = Duration("--delay", "Fault: requests wait so long: 1ms to 1h.", TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(1));
        var abort = new Option<int?>("--abort") { Description = "Fault: requests are answered with this HTTP status, 200 to 599." };
        var grpc = new Option<string?>("--grpc-abort") { Description = "Fault: requests are answered with this gRPC status, such as UNAVAILABLE." };
        var percentage = new Option<double>("--percentage") { Description = "Share of a service's requests that the fault hits.", DefaultValueFactory = _ => 10 };
        var most = new Option<double>("--max-percentage") { Description = "Blast radius: the most that --percentage may be.", DefaultValueFactory = _ => 50 };
        var services = new Option<int>("--max-services") { Description = "Blast radius: services with a fault at a time.", DefaultValueFactory = _ => 1 };
        var namespaces = new Option<string[]>("--namespace", "-n") { Description = "Only services of this namespace; may be repeated.", DefaultValueFactory = _ => [] };
        var excluded = new Option<string[]>("--exclude-namespace") { Description = "No services of this namespace; may be repeated.", DefaultValueFactory = _ => [] };
        var rounds = new Option<int?>("--count") { Description = "End after so many experiments; else when told to stop." };
        var seed = new Option<ulong?>("--seed") { Description = "The same seed picks the same services and faults." };
        var dryRun = new Option<bool>("--dry-run") { Description = $"Print what would be done, {DefaultPlan} rounds unless --count says otherwise, and do nothing." };
        var output = new Option<string>("--output", "-o") { Description = "How the report is printed.", DefaultValueFactory = _ => Text };
        output.AcceptOnlyFromAmong(Text, Json);
        var command = new Command(
            "chaos",
            """
            Inject faults into services picked at random, for a set time, and take them back: also when it is interrupted or killed.
            Services that carry the label or annotation proxylessmesh.io/chaos: disabled, and the control plane's namespace, are left alone.

            Example: mesh chaos --config samples/Bookinfo/mesh --delay 2s --abort 503 --every 24h --duration 10m --schedule "Mon-Fri 09:00-17:00"
            """)
        {
            config, delay, abort, grpc, percentage, most, every, duration, schedule, services, namespaces, excluded, rounds, seed, dryRun, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var share = parsed.GetValue(percentage);
            var faults = Faults(parsed.GetValue(delay), parsed.GetValue(abort), parsed.GetValue(grpc), (int)(share * 10_000));
            var options = new ChaosOptions
            {
                ConfigDirectory = parsed.GetRequiredValue(config),
                Faults = faults,
                Every = parsed.GetValue(every) ?? TimeSpan.FromHours(24),
                Duration = parsed.GetValue(duration) ?? TimeSpan.FromMinutes(10),
                Window = parsed.GetValue(schedule) ?? ChaosWindow.Always,
                MaxServices = parsed.GetValue(services),
                Namespaces = parsed.GetRequiredValue(namespaces),
                ExcludedNamespaces = parsed.GetRequiredValue(excluded),
                Rounds = parsed.GetValue(rounds),
            };
            if (Mistake(options, parsed.GetValue(abort), parsed.GetValue(grpc), share, parsed.GetValue(most)) is { } mistake)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(mistake).ConfigureAwait(false);
                return ExitCodes.Usage;
            }

            var dice = new SeededRandomSource(parsed.GetValue(seed) ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));
            var settings = new MeshSettings();
            var run = new ChaosRun(
                options, new ChaosPicker(options, settings, dice), new ChaosFolder(options.ConfigDirectory, settings, time), time, parsed.InvocationConfiguration.Error);
            return await RunAsync(run, options, parsed.GetValue(dryRun), parsed.GetValue(output) == Json, parsed.InvocationConfiguration, cancellationToken)
                .ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ChaosRun run, ChaosOptions options, bool dryRun, bool json, InvocationConfiguration configuration, CancellationToken cancellationToken)
    {
        IReadOnlyList<ChaosRecord>? plan = null;
        var exit = ExitCodes.Good;
        try
        {
            if (dryRun)
            {
                plan = run.Plan(options.Rounds ?? DefaultPlan);
            }
            else
            {
                await run.RunAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (DirectoryNotFoundException e)
        {
            await configuration.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return ExitCodes.Usage;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await configuration.Error.WriteLineAsync($"{options.ConfigDirectory}: {e.Message} (an experiment that was begun ends by itself)").ConfigureAwait(false);
            exit = ExitCodes.Failed;
        }

        var records = plan ?? run.Records;
        await configuration.Output.WriteAsync(json ? ChaosReport.ToJson(records).ToJsonString(Written) + "\n" : ChaosReport.ToText(records)).ConfigureAwait(false);
        return exit;
    }

    private static List<HttpFault> Faults(TimeSpan? delay, int? abort, string? grpc, int perMillion)
    {
        var faults = new List<HttpFault>();
        if (delay is { } wait)
        {
            faults.Add(new HttpFault(new FaultDelay(wait, perMillion), null));
        }

        if (abort is { } http)
        {
            faults.Add(new HttpFault(null, new FaultAbort(http, null, perMillion)));
        }

        if (grpc is not null)
        {
            faults.Add(new HttpFault(null, new FaultAbort(null, HttpFaultReader.FindGrpcStatus(grpc), perMillion)));
        }

        return faults;
    }

    /// <summary>Null: it was asked rightly.</summary>
    private static string? Mistake(ChaosOptions options, int? abort, string? grpc, double percentage, double most) =>
        options.Faults.Count == 0 ? "say which fault: --delay, --abort or --grpc-abort; with several, one is picked at random each time"
        : abort is < 200 or > 599 ? $"--abort {abort} is no HTTP status from 200 to 599"
        : grpc is not null && HttpFaultReader.FindGrpcStatus(grpc) is null ? $"--grpc-abort {grpc} is no gRPC status: write UNAVAILABLE, DEADLINE_EXCEEDED ..."
        : percentage is not (>= 0.0001 and <= 100) ? $"--percentage {percentage} is out of range: 0.0001 to 100"
        : percentage > most ? $"--percentage {percentage} is more than --max-percentage {most}"
        : options.Every < options.Duration ? "--every is shorter than --duration: experiments would overlap"
        : options.Window.Length < options.Duration ? "--schedule is shorter than --duration: no experiment fits into it"
        : options.MaxServices < 1 ? "--max-services must be at least 1"
        : options.Rounds is < 1 or > 10_000 ? "--count must be 1 to 10000"
        : null;

    private static Option<TimeSpan?> Duration(string name, string description, TimeSpan longest, TimeSpan? shortest = null) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (GoDuration.TryParse(text, out var duration) && duration >= (shortest ?? TimeSpan.FromSeconds(1)) && duration <= longest)
            {
                return duration;
            }

            result.AddError($"{name} {text} is no such duration. {description}");
            return null;
        },
    };

    private static ChaosWindow? Window(ArgumentResult result)
    {
        if (ChaosWindow.TryParse(result.Tokens[0].Value, out var window))
        {
            return window;
        }

        result.AddError($"--schedule {result.Tokens[0].Value} is no window: write \"Mon-Fri 09:00-17:00\" or \"09:00-17:00\" (UTC)");
        return null;
    }
}
