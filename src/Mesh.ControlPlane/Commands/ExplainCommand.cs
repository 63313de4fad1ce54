using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using ProxylessMesh.ControlPlane.Explain;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Bootstrap;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary><c>mesh explain METHOD URL</c>: which route a call would take, and why not an earlier one.</summary>
internal static class ExplainCommand
{
    private const string Text = "text";
    private const string Json = "json";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(TimeProvider time)
    {
        var method = new Argument<string>("method") { Description = "GET, POST ..." };
        var url = new Argument<string>("url") { Description = "As the application writes it." };
        var headers = new Option<string[]>("--header", "-H") { Description = "\"name: value\"; may be repeated.", DefaultValueFactory = _ => [] };
        var from = new Option<string>("--from") { Description = "The calling workload or application, NAME or NAME.NAMESPACE.", Required = true };
        var labels = new Option<string[]>("--label", "-l") { Description = "KEY=VALUE of the caller; without any, those of the registered workload.", DefaultValueFactory = _ => [] };
        var config = new Option<string?>("--config") { Description = "Folder with configuration to read instead of asking a control plane." };
        var server = new XdsAddressOptions();
        var output = new Option<string>("--output", "-o") { Description = "How it is printed.", DefaultValueFactory = _ => Text };
        output.AcceptOnlyFromAmong(Text, Json);
        var command = new Command(
            "explain",
            """
            Say which route a call would take, to which clusters and endpoints, and why earlier routes do not match. Asks the running
            control plane what it sends to the caller, or reads a folder.

            Example: mesh explain GET http://reviews:9080/x -H "end-user: jason" --from productpage
            """)
        {
            method,
            url,
            headers,
            from,
            labels,
            config,
            output,
        };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            XdsServerConfig? address = null;
            var mistake = "";
            if (!Uri.TryCreate(parsed.GetRequiredValue(url), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            {
                mistake = $"{parsed.GetRequiredValue(url)} is no http or https URL";
            }
            else if (parsed.GetValue(config) is not null && server.IsUsed(parsed))
            {
                mistake = "--config reads a folder, and asks no control plane: leave out --xds-address and its companions";
            }
            else if (parsed.GetValue(config) is null)
            {
                server.TryRead(parsed, out address, out mistake);
            }

            if (mistake.Length > 0)
            {
                await error.WriteLineAsync(mistake).ConfigureAwait(false);
                return ExitCodes.Usage;
            }

            if (Pairs(parsed.GetRequiredValue(headers), ':', error) is not { } fields || Pairs(parsed.GetRequiredValue(labels), '=', error) is not { } given)
            {
                return ExitCodes.Usage;
            }

            try
            {
                var (name, space) = Workload(parsed.GetRequiredValue(from));
                var call = new ExplainedCall($"{name}.{space}", parsed.GetRequiredValue(method), uri!, fields);
                var caller = new ProxyView(ProxyProfile.Mesh, space, "", name, EquatableMap.From(given), new LocalityId("", "", ""));
                var service = !call.IsRouted ? null
                    : address is null ? FromFolder(parsed.GetValue(config)!, caller, call.ListenerName, time)
                    : await new LiveService(address, time).LoadAsync(caller, call.ListenerName, s_patience, cancellationToken).ConfigureAwait(false);
                var explanation = Explainer.Explain(call, service);
                await parsed.InvocationConfiguration.Output.WriteAsync(
                    parsed.GetRequiredValue(output) == Json ? explanation.ToJsonString(Written) + "\n" : ExplanationText.Write(explanation)).ConfigureAwait(false);
                return ExitCodes.Good;
            }
            catch (DirectoryNotFoundException e)
            {
                await error.WriteLineAsync(e.Message).ConfigureAwait(false);
                return ExitCodes.Usage;
            }
            catch (TimeoutException e)
            {
                await error.WriteLineAsync(e.Message).ConfigureAwait(false);
                return ExitCodes.Failed;
            }
        });
        return command;
    }

    private static ServiceState FromFolder(string folder, ProxyView caller, string listenerName, TimeProvider time)
    {
        var settings = new MeshSettings();
        var model = new MeshModel(settings, ConfigLoader.LoadActive(folder, settings, time), []);
        if (caller.Labels.Count == 0)
        {
            // Nobody has registered in a folder: the best guess is what the Service of the caller's name selects.
            var own = model.Services.Find(HostName.OfService(caller.WorkloadName, caller.Namespace, settings.ClusterDomain), caller.Namespace);
            caller = caller with { Labels = own?.Selector ?? EquatableMap.Empty };
        }

        return new TranslatedService(model, caller).Load(listenerName);
    }

    private static (string Name, string Namespace) Workload(string from)
    {
        var dot = from.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (from, "default") : (from[..dot], from[(dot + 1)..]);
    }

    /// <summary>Null, and a line to <paramref name="error"/>, when one is no pair. Names are in lower case where they are headers.</summary>
    private static Dictionary<string, string>? Pairs(string[] texts, char separator, TextWriter error)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var at = text.IndexOf(separator, StringComparison.Ordinal);
            if (at <= 0)
            {
                error.WriteLine($"{text} is not of the form name{separator}value");
                return null;
            }

            var name = separator == ':' ? text[..at].Trim().ToLowerInvariant() : text[..at].Trim();
            var value = text[(at + 1)..].Trim();

            // A header given twice is one with both values (RFC 9110, 5.3).
            pairs[name] = separator == ':' && pairs.TryGetValue(name, out var before) ? $"{before},{value}" : value;
        }

        return pairs;
    }
}
