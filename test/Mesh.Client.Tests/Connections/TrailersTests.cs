using ProxylessMesh.Client.Tests.BadInput;

namespace ProxylessMesh.Client.Tests.Connections;

/// <summary>Trailers of HTTP/1.1, which Kestrel does not send; those of HTTP/2 have an end-to-end test.</summary>
public sealed class TrailersTests
{
    [Fact]
    public async Task Trailers_behind_the_last_chunk_reach_the_caller()
    {
        await using var cluster = new ScriptedCluster(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-checksum\r\n\r\n4\r\nbody\r\n0\r\nx-checksum: 42\r\n\r\n");
            await connection.ReadToEndAsync();
        });

        using var response = await cluster.SendAsync();

        Assert.Equal("body", await response.Content.ReadAsStringAsync());
        Assert.Equal("42", response.TrailingHeaders.GetValues("x-checksum").Single());
    }
}
