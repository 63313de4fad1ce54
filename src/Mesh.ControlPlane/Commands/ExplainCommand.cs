using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using ProxylessMesh.ControlPlane.Explain;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary><c>mesh explain METHOD URL</c>: which route a call would take, and why not an earlier one.</summary>
internal static class ExplainCommand
{
    private const string Text = "text";
    private const string Json = "json";

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(TimeProvider time)
    {
        var method = new Argument<string>("method") { Description = "GET, POST ..." };
        var url = new Argument<string>("url") { Description = "As the application writes it." };
        var headers = new Option<string[]>("--header", "-H") { Description = "\"name: value\"; may be repeated.", DefaultValueFactory = _ => [] };
        var from = new Option<string>("--from") { Description = "The calling workload, NAME or NAME.NAMESPACE.", Required = true };
        var labels = new Option<string[]>("--label", "-l") { Description = "KEY=VALUE of the caller; without any, what the Service of its name selects.", DefaultValueFactory = _ => [] };
        var config = new Option<string>("--config") { Description = "Folder with the configuration.", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "How it is printed.", DefaultValueFactory = _ => Text };
        output.AcceptOnlyFromAmong(Text, Json);
        var command = new Command(
            "explain",
            """
            Say which route a call would take, to which clusters, and why earlier routes do not match.

            Example: mesh explain GET http://reviews:9080/x -H "end-user: jason" --from productpage --config samples/Bookinfo/mesh
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
        command.SetAction(parsed =>
        {
            var error = parsed.InvocationConfiguration.Error;
            if (!Uri.TryCreate(parsed.GetRequiredValue(url), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            {
                error.WriteLine($"{parsed.GetRequiredValue(url)} is no http or https URL");
                return ExitCodes.Usage;
            }

            if (Pairs(parsed.GetRequiredValue(headers), ':', error) is not { } fields || Pairs(parsed.GetRequiredValue(labels), '=', error) is not { } given)
            {
                return ExitCodes.Usage;
            }

            try
            {
                var settings = new MeshSettings();
                var snapshot = ConfigLoader.Load(parsed.GetRequiredValue(config), settings, time);
                var model = new MeshModel(settings, [.. snapshot.Objects], []);
                var explanation = new Explainer(model, Caller(model, parsed.GetRequiredValue(from), given)).Explain(parsed.GetRequiredValue(method), uri, fields);
                parsed.InvocationConfiguration.Output.Write(
                    parsed.GetRequiredValue(output) == Json ? explanation.ToJsonString(Written) + "\n" : ExplanationText.Write(explanation));
                return ExitCodes.Good;
            }
            catch (DirectoryNotFoundException e)
            {
                error.WriteLine(e.Message);
                return ExitCodes.Usage;
            }
        });
        return command;
    }

    private static ProxyView Caller(MeshModel model, string from, Dictionary<string, string> labels)
    {
        var dot = from.IndexOf('.', StringComparison.Ordinal);
        var (name, space) = dot < 0 ? (from, "default") : (from[..dot], from[(dot + 1)..]);
        var own = model.Services.Find(HostName.OfService(name, space, model.Settings.ClusterDomain), space)?.Selector ?? EquatableMap.Empty;
        return new ProxyView(ProxyProfile.Mesh, space, name, name, labels.Count > 0 ? EquatableMap.From(labels) : own, new LocalityId("", "", ""));
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

            var name = text[..at].Trim();
            pairs[separator == ':' ? name.ToLowerInvariant() : name] = text[(at + 1)..].Trim();
        }

        return pairs;
    }
}
