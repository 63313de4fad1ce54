using System.Net.Security;

namespace ProxylessMesh.FunctionalTests.Attacks;

/// <summary>Kestrel's limits of sizes hold on mesh ports, in plaintext and under mutual TLS.</summary>
public sealed class SizesTests(AttackedMesh mesh) : IClassFixture<AttackedMesh>
{
    private static readonly Dictionary<string, (string Request, string Status)> Requests = new()
    {
        ["33 KB of headers"] = ($"GET /size HTTP/1.1\r\nHost: reviews\r\n{string.Concat(Enumerable.Range(0, 33).Select(i => $"x-{i}: {new string('a', 1018)}\r\n"))}\r\n", "431"),
        ["one long header"] = ($"GET /size HTTP/1.1\r\nHost: reviews\r\nx: {new string('a', 40_000)}\r\n\r\n", "431"),
        ["101 headers"] = ($"GET /size HTTP/1.1\r\nHost: reviews\r\n{string.Concat(Enumerable.Range(0, 100).Select(i => $"x-{i}: a\r\n"))}\r\n", "431"),
        ["8.2 KB of request line"] = ($"GET /size?{new string('a', 8_200)} HTTP/1.1\r\nHost: reviews\r\n\r\n", "414"),
        ["long method"] = ($"{new string('A', 9_000)} /size HTTP/1.1\r\nHost: reviews\r\n\r\n", "414"),
        ["30 MB of body and a byte"] = ("POST /size HTTP/1.1\r\nHost: reviews\r\nContent-Length: 30000001\r\n\r\n", "413"),
    };

    public static TheoryData<string> Names => [.. Requests.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_too_large_is_refused(string name)
    {
        foreach (var secure in new[] { false, true })
        {
            await using var wire = await mesh.OpenAsync(secure, SslApplicationProtocol.Http11);
            await wire.SendAsync(Requests[name].Request);

            // Empty: the reset has overtaken the answer.
            Assert.Matches($"^(HTTP/1.1 {Requests[name].Status} .*)?$", (await wire.ReadToEndAsync()).Split("\r\n")[0]);
        }

        await mesh.AssertServesAsync();
    }

    [Fact]
    public async Task Chunks_without_end_are_refused_at_the_same_size()
    {
        await using var wire = await mesh.OpenAsync(secure: false, SslApplicationProtocol.Http11);
        await wire.SendAsync("POST /size HTTP/1.1\r\nHost: reviews\r\nTransfer-Encoding: chunked\r\n\r\n");
        var chunk = System.Text.Encoding.Latin1.GetBytes("10000\r\n" + new string('a', 0x10000) + "\r\n");
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                await wire.SendAsync(chunk);
            }

            Assert.Fail("It took 64 MB.");
        }
        catch (IOException)
        {
            await mesh.AssertServesAsync();
        }
    }
}
