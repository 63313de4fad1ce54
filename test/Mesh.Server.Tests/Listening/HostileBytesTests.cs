using System.Net;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Server.Tests.Listening;

public sealed class HostileBytesTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-01-01", System.Globalization.CultureInfo.InvariantCulture);

    public static TheoryData<byte[]> Garbage => new(
        [0x00],
        [0xff, 0xfe, 0xfd, 0xfc, 0xfb],
        [.. "\r\n\r\n\r\n"u8],
        [.. "PRI "u8, .. new byte[64]],
        [.. "PRJ * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8],
        [0x16, 0x03, 0x01, 0xff, 0xff, .. new byte[512]],
        [0x16, .. "GET / HTTP/1.1\r\n\r\n"u8],
        [0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x03],
        [0x80, 0x2e, 0x01, 0x00, 0x02, .. new byte[64]]);

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Garbage_ends_its_connection_and_nothing_else(byte[] bytes)
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);
        using var raw = await RawConnection.OpenAsync(app);

        await raw.SendAsync(bytes);
        raw.EndSending();
        var answer = await raw.ReadToEndAsync();

        Assert.DoesNotContain("200", answer, StringComparison.Ordinal);
        await AssertServesAsync(app, mesh);
    }

    [Fact]
    public async Task Random_bytes_end_their_connections_and_nothing_else()
    {
        var random = new Random(4711);
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            using var raw = await RawConnection.OpenAsync(app);
            await raw.SendAsync(bytes);
            raw.EndSending();
            await raw.ReadToEndAsync();
        }

        await AssertServesAsync(app, mesh);
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PRI")]
    public async Task Silence_is_ended_after_the_timeout_and_blocks_nobody(string begun)
    {
        var time = new FakeTime(Start);
        var mesh = new ScriptedMesh { Time = time };
        await using var app = await MeshApp.StartAsync(mesh);
        using var silent = await RawConnection.OpenAsync(app);
        await silent.SendAsync(System.Text.Encoding.ASCII.GetBytes(begun));
        while (time.ArmedTimers == 0)
        {
            await Task.Yield();
        }

        using var client = Callers.Plaintext(app, HttpVersion.Version11);
        Assert.StartsWith("plaintext", await client.GetStringAsync("/whoami"), StringComparison.Ordinal);
        time.Advance(ConnectionSniffer.Timeout);

        Assert.Equal("", await silent.ReadToEndAsync());
    }

    [Fact]
    public async Task A_method_that_begins_like_the_preface_and_comes_in_single_bytes_is_http1()
    {
        await using var app = await MeshApp.StartAsync(new ScriptedMesh());
        using var raw = await RawConnection.OpenAsync(app);
        foreach (var b in "PROPFIND / HTTP/1.1\r\nHost: reviews\r\nConnection: close\r\n\r\n"u8.ToArray())
        {
            await raw.SendAsync([b]);
            await Task.Yield();
        }

        Assert.StartsWith("HTTP/1.1 404", await raw.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_connections_that_close_at_once_leave_it_serving()
    {
        var mesh = new ScriptedMesh();
        await using var app = await MeshApp.StartAsync(mesh);
        await Parallel.ForEachAsync(Enumerable.Range(0, 10_000), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (_, _) =>
        {
            using var raw = await RawConnection.OpenAsync(app);
        });

        await AssertServesAsync(app, mesh);
    }

    private static async Task AssertServesAsync(MeshApp app, ScriptedMesh mesh)
    {
        using var plaintext = Callers.Plaintext(app, HttpVersion.Version20);
        using var secure = Callers.Secure(app, HttpVersion.Version11, mesh.Authority.IssueFor("productpage"));
        Assert.StartsWith("plaintext", await plaintext.GetStringAsync("/whoami"), StringComparison.Ordinal);
        Assert.StartsWith("spiffe:", await secure.GetStringAsync("/whoami"), StringComparison.Ordinal);
    }
}
