using System.Net;

namespace ProxylessMesh.Client.NameResolution;

/// <summary>What hosts(5) says of a name.</summary>
internal static class HostsFile
{
    /// <returns>All addresses of the name; none: it does not stand there.</returns>
    public static List<IPAddress> Find(string text, string name)
    {
        var found = new List<IPAddress>();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var comment = line.IndexOf('#');
            var words = (comment < 0 ? line : line[..comment]).ToString().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1
                && words.AsSpan(1).IndexOf(name, StringComparer.OrdinalIgnoreCase) >= 0
                && IPAddress.TryParse(words[0], out var address)
                && !found.Contains(address))
            {
                found.Add(address);
            }
        }

        return found;
    }
}
