using System.CommandLine;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary>An option that is a duration as Go writes it, from a minute to 90 days: the life of a certificate.</summary>
internal static class DurationOption
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(90);

    public static Option<TimeSpan> Create(string name, string description, string value)
    {
        var option = new Option<TimeSpan>(name)
        {
            Description = $"{description} 1m to 2160h.",
            DefaultValueFactory = _ => GoDuration.TryParse(value, out var given) ? given : TimeSpan.Zero,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!GoDuration.TryParse(text, out var duration) || duration < TimeSpan.FromMinutes(1) || duration > s_longest)
                {
                    result.AddError($"{name} {text} is no duration from 1m to 2160h: write 30m or 24h");
                }

                return duration;
            },
        };
        return option;
    }
}
