using System.Net.Security;

namespace ProxylessMesh.FunctionalTests.Attacks;

/// <summary>HTTP/1.1 requests that two servers would cut apart at different places: refused, and nothing behind them is read.</summary>
public sealed class SmugglingTests(AttackedMesh mesh) : IClassFixture<AttackedMesh>
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: reviews\r\n\r\n";
    private const string Head = "POST /in HTTP/1.1\r\nHost: reviews\r\n";
    private const string Chunked = "Transfer-Encoding: chunked\r\n";

    /// <summary>By name; what follows is hidden behind each.</summary>
    internal static readonly Dictionary<string, string> Requests = new()
    {
        ["CL.TE"] = $"{Head}Content-Length: 6\r\n{Chunked}\r\n0\r\n\r\n{Smuggled}",
        ["TE.CL"] = $"{Head}{Chunked}Content-Length: 4\r\n\r\n0\r\n\r\n{Smuggled}",
        ["CL: 0 and TE"] = $"{Head}Content-Length: 0\r\n{Chunked}\r\n0\r\n\r\n{Smuggled}",
        ["chunked, identity"] = $"{Head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{Smuggled}",
        ["identity, chunked"] = $"{Head}Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n{Smuggled}",
        ["gzip, chunked"] = $"{Head}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n{Smuggled}",
        ["identity"] = $"{Head}Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n{Smuggled}",
        ["xchunked"] = $"{Head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{Smuggled}",
        ["chunked twice"] = $"{Head}{Chunked}{Chunked}\r\n0\r\n\r\n{Smuggled}",
        ["chunked and another line"] = $"{Head}{Chunked}Transfer-Encoding: x\r\n\r\n0\r\n\r\n{Smuggled}",
        ["quoted chunked"] = $"{Head}Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n{Smuggled}",
        ["chunked and a vertical tab"] = $"{Head}Transfer-Encoding: \u000Bchunked\r\n\r\n0\r\n\r\n{Smuggled}",
        ["empty coding"] = $"{Head}Transfer-Encoding:\r\nContent-Length: 0\r\n\r\n{Smuggled}",
        ["TE in HTTP/1.0"] = $"POST /in HTTP/1.0\r\nHost: reviews\r\nConnection: keep-alive\r\n{Chunked}\r\n0\r\n\r\n{Smuggled}",
        ["space before the colon"] = $"{Head}Content-Length : 0\r\n\r\n{Smuggled}",
        ["space before TE's colon"] = $"{Head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{Smuggled}",
        ["obs-fold"] = $"{Head}X-A: a\r\n Content-Length: 0\r\n\r\n{Smuggled}",
        ["folded TE"] = $"{Head}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n{Smuggled}",
        ["first line folded"] = $"POST /in HTTP/1.1\r\n X: a\r\nHost: reviews\r\n\r\n{Smuggled}",
        ["bare LF"] = $"POST /in HTTP/1.1\nHost: reviews\nContent-Length: 0\n\n{Smuggled}",
        ["bare LF in a header"] = $"{Head}X-A: a\nContent-Length: 0\r\n\r\n{Smuggled}",
        ["bare CR in a header"] = $"{Head}X-A: a\rContent-Length: 0\r\n\r\n{Smuggled}",
        ["NUL in a header"] = $"{Head}X-A: a\0b\r\n\r\n{Smuggled}",
        ["no name"] = $"{Head}: a\r\n\r\n{Smuggled}",
        ["no colon"] = $"{Head}Content-Length\r\n\r\n{Smuggled}",
        ["two CL"] = $"{Head}Content-Length: 0\r\nContent-Length: 5\r\n\r\n{Smuggled}",
        ["CL list"] = $"{Head}Content-Length: 0, 5\r\n\r\n{Smuggled}",
        ["negative CL"] = $"{Head}Content-Length: -1\r\n\r\n{Smuggled}",
        ["hexadecimal CL"] = $"{Head}Content-Length: 0x0\r\n\r\n{Smuggled}",
        ["huge CL"] = $"{Head}Content-Length: 99999999999999999999\r\n\r\n{Smuggled}",
        ["chunk size overflow"] = $"{Head}{Chunked}\r\nFFFFFFFFFFFFFFFFF\r\n{Smuggled}",
        ["negative chunk size"] = $"{Head}{Chunked}\r\n-1\r\n\r\n{Smuggled}",
        ["chunk size with 0x"] = $"{Head}{Chunked}\r\n0x0\r\n\r\n{Smuggled}",
        ["chunk without its end"] = $"{Head}{Chunked}\r\n1\r\naa\r\n0\r\n\r\n{Smuggled}",
        ["LF in a chunk extension"] = $"{Head}{Chunked}\r\n2;\nxx\r\nxy\r\n0\r\n\r\n{Smuggled}",
        ["CR in a chunk extension"] = $"{Head}{Chunked}\r\n2;\rxx\r\nxy\r\n0\r\n\r\n{Smuggled}",
        ["space in the target"] = $"GET /in HTTP/1.1 /x HTTP/1.1\r\nHost: reviews\r\n\r\n{Smuggled}",
        ["another version"] = $"GET /in HTTP/1.9\r\nHost: reviews\r\n\r\n{Smuggled}",
        ["no Host"] = $"GET /in HTTP/1.1\r\n\r\n{Smuggled}",
    };

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (var name in Requests.Keys)
            {
                cases.Add(name, false);
                cases.Add(name, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_request_of_doubtful_length_is_refused_and_ends_its_connection(string name, bool secure)
    {
        await using var wire = await mesh.OpenAsync(secure, SslApplicationProtocol.Http11);

        var smuggled = $"/smuggled-{name.GetHashCode(StringComparison.Ordinal)}-{secure}";
        await wire.SendAsync(Requests[name].Replace("/smuggled", smuggled, StringComparison.Ordinal));
        var answer = await wire.ReadToEndAsync();

        // Nothing at all is a reset, which overtakes the answer where the server has not read what else was sent. A chunk size that
        // no integer holds is a 500 of Kestrel's.
        Assert.Matches("^(HTTP/1.1 (400|411|500|501|505) .*)?$", answer.Split("\r\n")[0]);
        Assert.Equal(answer.IndexOf("HTTP/1.1 ", StringComparison.Ordinal), answer.LastIndexOf("HTTP/1.1 ", StringComparison.Ordinal));
        Assert.DoesNotContain(smuggled, mesh.Seen);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_of_certain_length_are_served_one_after_the_other(bool secure)
    {
        await using var wire = await mesh.OpenAsync(secure, SslApplicationProtocol.Http11);

        await wire.SendAsync(
            $"{Head}Content-Length: 3\r\n\r\nabc{Head}transfer-encoding: Chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            + "GET /in HTTP/1.1\r\nHost: reviews\r\nConnection: close\r\n\r\n");
        var answer = await wire.ReadToEndAsync();

        Assert.Equal(4, answer.Split("HTTP/1.1 200 OK").Length);
    }

    [Fact]
    public async Task An_upgrade_to_h2c_does_not_leave_HTTP1()
    {
        await using var wire = await mesh.OpenAsync(secure: false, SslApplicationProtocol.Http11);

        await wire.SendAsync("GET /upgrade HTTP/1.1\r\nHost: reviews\r\nConnection: close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
        var answer = await wire.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(" 101 ", answer, StringComparison.Ordinal);
    }
}
