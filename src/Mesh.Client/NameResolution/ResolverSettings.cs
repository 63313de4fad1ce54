using System.Globalization;
using System.Net;

namespace ProxylessMesh.Client.NameResolution;

/// <summary>What resolv.conf(5) says, within the limits that the C library keeps to.</summary>
/// <param name="Servers">Asked one after the other.</param>
/// <param name="Search">Domains that short names are tried in.</param>
/// <param name="Dots">Names with so many dots are tried as they are before the search domains.</param>
/// <param name="Timeout">Of one question to one server.</param>
/// <param name="Attempts">Rounds over all servers.</param>
internal sealed record ResolverSettings(
    IReadOnlyList<IPEndPoint> Servers, IReadOnlyList<string> Search, int Dots, TimeSpan Timeout, int Attempts)
{
    private const int Port = 53;
    private const int MaxServers = 3;
    private const int MaxSearch = 32;
    private const int MaxDots = 15;
    private const int MaxTimeoutSeconds = 30;
    private const int MaxAttempts = 5;

    public static ResolverSettings None { get; } = new([], [], 1, TimeSpan.FromSeconds(5), 2);

    public static ResolverSettings Parse(string text)
    {
        var servers = new List<IPEndPoint>();
        var settings = None;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var words = line.ToString().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["nameserver", var server, ..] when servers.Count < MaxServers && IPAddress.TryParse(server, out var address):
                    servers.Add(new IPEndPoint(address, Port));
                    break;
                case ["domain" or "search", .. var domains]:
                    settings = settings with { Search = [.. domains.Take(MaxSearch).Select(Normal).Where(DnsQuery.IsAskable)] };
                    break;
                case ["options", .. var options]:
                    settings = options.Aggregate(settings, Apply);
                    break;
            }
        }

        return settings with { Servers = servers };
    }

    /// <summary>The names to ask for, in order, until one has addresses.</summary>
    public IEnumerable<string> Candidates(string name)
    {
        var plain = Normal(name);
        if (name.EndsWith('.'))
        {
            return [plain];
        }

        var searched = Search.Select(domain => $"{plain}.{domain}");
        return plain.Count(c => c == '.') >= Dots ? [plain, .. searched] : [.. searched, plain];
    }

    private static string Normal(string name) => name.TrimEnd('.').ToLowerInvariant();

    private static ResolverSettings Apply(ResolverSettings settings, string option)
    {
        var at = option.IndexOf(':', StringComparison.Ordinal);
        if (at < 0 || !int.TryParse(option.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return settings;
        }

        return option[..at] switch
        {
            "ndots" => settings with { Dots = Math.Min(value, MaxDots) },
            "timeout" => settings with { Timeout = TimeSpan.FromSeconds(Math.Clamp(value, 1, MaxTimeoutSeconds)) },
            "attempts" => settings with { Attempts = Math.Clamp(value, 1, MaxAttempts) },
            _ => settings,
        };
    }
}
