using System.Globalization;
using System.Text;

namespace ProxylessMesh.Server.Tests.Authorization;

/// <summary>Requests that try to reach /admin under another name, made from a seed.</summary>
internal sealed class HostileTargets(int seed)
{
    private static readonly string[] Separators =
        ["/", "/", "/", "//", "\\", "%2f", "%2F", "%5c", "/./", "/../", "/%2e/", "/%2e%2e/", "/.%2E/", "/x/../", "\\..\\", "/..%2f", "/..%5c", "/..;/", ";/", "/%252f", "%252e/"];

    private static readonly string[] Words = ["admin", "admin", "admin", "app", "", ".", "..", "x", "administrator", "admin.", "...", "a"];

    private static readonly string[] Ends = ["", "", "", "/", "//", "?", "?x=/admin", ";x=1", "%2f", "%20", "%09", "/.", "/..", ".", "%00", "#", "#/x", "?#", "\\", "%c3%a4", "%ff", "%", "%2"];

    private static readonly string[] Methods = ["GET", "GET", "GET", "get", "POST", "DELETE", "Options", "PURGE", "purge"];

    private static readonly string[] Hosts = ["reviews", "Reviews", "reviews:9080", "reviews.", "[::1]", "reviews.default.svc.cluster.local"];

    private static readonly string[] Headers =
    [
        "", "", "", "X-Original-URL: /app\r\n", "X-Rewrite-URL: /app\r\n", "X-Forwarded-Prefix: /app\r\n", "X-Envoy-Original-Path: /app\r\n",
        "X-Forwarded-For: 127.0.0.1\r\n", "X-HTTP-Method-Override: GET\r\n", "Via: 1.1 a\r\n", "TE: trailers\r\n", "Accept:\r\n",
    ];

    private readonly Random _random = new(seed);

    public string Next()
    {
        var host = Pick(Hosts);
        var target = Target();
        var absolute = _random.Next(25) == 0 ? $"http://{host}" : "";
        return $"{Pick(Methods)} {absolute}{target} HTTP/1.1\r\nHost: {host}\r\n{Pick(Headers)}Content-Length: 0\r\n\r\n";
    }

    /// <summary>Of an HTTP/2 request, which may also lack what a path begins with.</summary>
    public string NextPath() => _random.Next(100) == 0 ? Target()[1..] : Target();

    private string Target()
    {
        // Every octet behind /admin in turn would be 256 requests; at random all of them come, many times.
        if (_random.Next(20) == 0)
        {
            return $"/admin%{_random.Next(1, 256).ToString("x2", CultureInfo.InvariantCulture)}";
        }

        var target = new StringBuilder("/");
        for (var parts = _random.Next(1, 5); parts > 0; parts--)
        {
            target.Append(Disguise(Pick(Words))).Append(parts == 1 ? Pick(Ends) : Pick(Separators));
        }

        return target.ToString();
    }

    private string Disguise(string word)
    {
        if (_random.Next(2) == 0)
        {
            return word;
        }

        var disguised = new StringBuilder();
        foreach (var c in word)
        {
            disguised.Append(_random.Next(8) switch
            {
                0 => $"%{(int)c:x2}",
                1 => $"%{(int)c:X2}",
                2 => char.ToUpperInvariant(c).ToString(),
                3 when _random.Next(4) == 0 => $"%25{(int)c:x2}",
                _ => c.ToString(),
            });
        }

        return disguised.ToString();
    }

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
