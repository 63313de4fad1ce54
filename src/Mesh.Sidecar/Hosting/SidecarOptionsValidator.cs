using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace ProxylessMesh.Sidecar.Hosting;

/// <summary>Says all that is wrong with the settings at once, each with the key to change.</summary>
internal sealed class SidecarOptionsValidator : IValidateOptions<SidecarOptions>
{
    private static readonly TimeSpan s_shortestDetection = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longestDetection = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_shortestIdle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestIdle = TimeSpan.FromDays(7);

    public ValidateOptionsResult Validate(string? name, SidecarOptions options)
    {
        var errors = new List<string>();
        if (options.Inbound.Count == 0 && options.Outbound.Listen is null)
        {
            errors.Add("Sidecar:Inbound and Sidecar:Outbound:Listen are both missing; a sidecar that forwards nothing is of no use.");
        }

        for (var i = 0; i < options.Inbound.Count; i++)
        {
            CheckInbound(options, i, errors);
        }

        if (options.Outbound.Listen is { } outbound)
        {
            if (Parse(outbound) is not { } address)
            {
                errors.Add($"Sidecar:Outbound:Listen is \"{outbound}\"; write address:port, as in 127.0.0.1:15001.");
            }
            else if (!IPAddress.IsLoopback(address.Address))
            {
                errors.Add($"Sidecar:Outbound:Listen is {outbound}, which others can reach; whoever calls through it has this workload's identity. Write 127.0.0.1 or [::1].");
            }
        }

        CheckTime("ProtocolDetectionTimeout", options.ProtocolDetectionTimeout, s_shortestDetection, s_longestDetection, errors);
        CheckTime("TcpIdleTimeout", options.TcpIdleTimeout, s_shortestIdle, s_longestIdle, errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void CheckInbound(SidecarOptions options, int index, List<string> errors)
    {
        var inbound = options.Inbound[index];
        var key = string.Create(CultureInfo.InvariantCulture, $"Sidecar:Inbound:{index}");
        var listen = Parse(inbound.Listen);
        var forward = Parse(inbound.Forward);
        if (listen is null)
        {
            errors.Add($"{key}:Listen is \"{inbound.Listen}\"; write address:port, as in 10.0.0.7:9080.");
        }

        if (forward is null || forward.Port == 0)
        {
            errors.Add($"{key}:Forward is \"{inbound.Forward}\"; write address:port, as in 127.0.0.1:8080.");
        }

        if (listen is not null && options.Inbound.Take(index).Any(other => Parse(other.Listen) is { Port: > 0 } taken && taken.Equals(listen)))
        {
            errors.Add($"{key}:Listen is {listen}, as an entry before it is.");
        }

        if (forward is not null && options.Inbound.Any(other => Parse(other.Listen) is { Port: > 0 } taken && IsSame(taken, forward)))
        {
            errors.Add($"{key}:Forward is {forward}, where the sidecar listens itself.");
        }

        if (inbound.Http2 && inbound.Protocol != InboundProtocol.Http)
        {
            errors.Add($"{key}:Http2 is for the protocol Http.");
        }
    }

    private static bool IsSame(IPEndPoint listen, IPEndPoint forward) =>
        listen.Port == forward.Port
        && (listen.Address.Equals(forward.Address) || listen.Address.Equals(IPAddress.Any) || listen.Address.Equals(IPAddress.IPv6Any));

    private static void CheckTime(string key, TimeSpan value, TimeSpan from, TimeSpan to, List<string> errors)
    {
        if (value < from || value > to)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"Sidecar:{key} is {value}; it must be between {from} and {to}."));
        }
    }

    /// <summary>The framework takes an address alone for one with port 0.</summary>
    private static IPEndPoint? Parse(string text) =>
        IPEndPoint.TryParse(text, out var parsed)
        && (text.StartsWith('[') ? text.Contains("]:", StringComparison.Ordinal) : text.Count(c => c == ':') == 1) ? parsed : null;
}
