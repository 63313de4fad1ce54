using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace ProxylessMesh.Sidecar.Gateway;

/// <summary>Says all that is wrong with the settings at once, each with the key to change.</summary>
internal sealed class GatewayOptionsValidator(IConfiguration configuration) : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var errors = new List<string>();
        for (var i = 0; i < options.Listen.Count; i++)
        {
            var text = options.Listen[i];

            // The framework takes an address alone for one with port 0.
            if (!IPEndPoint.TryParse(text, out _) || !(text.StartsWith('[') ? text.Contains("]:", StringComparison.Ordinal) : text.Count(c => c == ':') == 1))
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"Sidecar:Gateway:Listen:{i} is \"{text}\"; write address:port, as in 0.0.0.0:8080."));
            }
            else if (options.Listen.Take(i).Contains(text) && !text.EndsWith(":0", StringComparison.Ordinal))
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"Sidecar:Gateway:Listen:{i} is {text}, as an entry before it is."));
            }
        }

        if (options.CredentialDirectory is { } directory && !Directory.Exists(directory))
        {
            errors.Add($"Sidecar:Gateway:CredentialDirectory is \"{directory}\", which is no directory.");
        }

        if (configuration.GetSection("Sidecar:Inbound").GetChildren().Any() || configuration["Sidecar:Outbound:Listen"] is { Length: > 0 })
        {
            errors.Add("Sidecar:Gateway:Listen stands beside Sidecar:Inbound or Sidecar:Outbound; a gateway is a process of its own.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
