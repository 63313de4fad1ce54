using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Attacks;

/// <summary>HTTP/2 requests that would be two, or others, once somebody writes them down as HTTP/1.1: the app does not see them.</summary>
public sealed class MalformedHttp2Tests(AttackedMesh mesh) : IClassFixture<AttackedMesh>
{
    private const string Path = "/h2-malformed";

    private static readonly (string, string)[] Sound = [(":method", "GET"), (":scheme", "http"), (":path", Path), (":authority", "reviews")];

    private static readonly Dictionary<string, (string Name, string Value)[]> Requests = new()
    {
        ["transfer-encoding"] = [.. Sound, ("transfer-encoding", "chunked")],
        ["connection"] = [.. Sound, ("connection", "close")],
        ["keep-alive"] = [.. Sound, ("keep-alive", "timeout=5")],
        ["proxy-connection"] = [.. Sound, ("proxy-connection", "keep-alive")],
        ["upgrade"] = [.. Sound, ("upgrade", "h2c")],
        ["te"] = [.. Sound, ("te", "gzip")],
        ["CRLF in a value"] = [.. Sound, ("x-a", "a\r\nx-b: b")],
        ["LF in a value"] = [.. Sound, ("x-a", "a\nx-b: b")],
        ["NUL in a value"] = [.. Sound, ("x-a", "a\0b")],
        ["upper case name"] = [.. Sound, ("X-A", "a")],
        ["space in a name"] = [.. Sound, ("x a", "a")],
        ["colon in a name"] = [.. Sound, ("x:a", "a")],
        ["CRLF in a name"] = [.. Sound, ("x-a: a\r\nx-b", "b")],
        ["empty name"] = [.. Sound, ("", "b")],
        ["unknown pseudo header"] = [.. Sound, (":x", "b")],
        ["two paths"] = [.. Sound, (":path", "/admin")],
        ["two methods"] = [.. Sound, (":method", "POST")],
        ["pseudo header last"] = [(":method", "GET"), (":scheme", "http"), (":authority", "reviews"), ("x-a", "a"), (":path", Path)],
        ["status"] = [.. Sound, (":status", "200")],
        ["no method"] = [(":scheme", "http"), (":path", Path), (":authority", "reviews")],
        ["no path"] = [(":method", "GET"), (":scheme", "http"), (":authority", "reviews")],
        ["space in the path"] = With(":path", Path + " HTTP/1.1"),
        ["CRLF in the path"] = With(":path", Path + " HTTP/1.1\r\nx-a: a"),
        ["tab in the path"] = With(":path", Path + "\t"),
        ["path without slash"] = With(":path", "x" + Path),
        ["absolute path"] = With(":path", "http://reviews" + Path),
        ["empty path"] = With(":path", ""),
        ["request line as method"] = With(":method", "GET /admin HTTP/1.1\r\nhost: reviews\r\n\r\nGET"),
        ["empty method"] = With(":method", ""),
        ["CRLF in the authority"] = With(":authority", "reviews\r\nx-a: a"),
        ["space in the authority"] = With(":authority", "reviews x"),
        ["user in the authority"] = With(":authority", "user@reviews"),
        ["path in the authority"] = With(":authority", "reviews/admin"),
        ["two hosts"] = [(":method", "GET"), (":scheme", "http"), (":path", Path), ("host", "reviews"), ("host", "admin.example")],
    };

    public static TheoryData<string> Names => [.. Requests.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_malformed_request_does_not_reach_the_app(string name)
    {
        foreach (var secure in new[] { false, true })
        {
            await using var attack = await mesh.OpenHttp2Async(secure);

            var path = $"/h2-{name.GetHashCode(StringComparison.Ordinal)}-{secure}";
            attack.AddRequest(1, [.. Requests[name].Select(f => (f.Name, f.Value.Replace(Path, path, StringComparison.Ordinal)))]);
            await attack.FlushAsync();
            var status = await attack.StatusAsync(1);

            Assert.True(status is 0 or (>= 400 and < 500), $"{status}");
            Assert.DoesNotContain(mesh.Seen, seen => seen.Contains(path, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_sound_one_is_served_and_a_refused_one_is_refused()
    {
        await using var attack = await mesh.OpenHttp2Async(secure: true);

        attack.AddRequest(1, With(":path", "/h2"));
        await attack.FlushAsync();
        Assert.Equal(200, await attack.StatusAsync(1));
        attack.AddRequest(3, With(":path", "/x/../admin"));
        await attack.FlushAsync();
        Assert.Equal(403, await attack.StatusAsync(3));
    }

    [Fact]
    public async Task More_body_than_it_says_is_no_second_request()
    {
        await using var attack = await mesh.OpenHttp2Async(secure: false);

        attack.Add(Http2Frame.Headers, Http2Attack.EndHeaders, 1, Http2Attack.Block([.. With(":method", "POST")[..2], (":path", "/h2-length"), (":authority", "reviews"), ("content-length", "1")]));
        attack.Add(Http2Frame.Data, Http2Attack.EndStream, 1, [.. "aGET /smuggled HTTP/1.1\r\n\r\n"u8]);
        await attack.FlushAsync();

        Assert.NotEqual(200, await attack.StatusAsync(1));
        Assert.DoesNotContain("/smuggled", mesh.Seen);
    }

    private static (string Name, string Value)[] With(string name, string value) => [.. Sound.Select(f => f.Item1 == name ? (name, value) : f)];
}
