using ProxylessMesh.Client.Connections;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Client.Tests.Connections;

/// <summary>The first settings of a server, byte for byte; the limit over real connections is in <see cref="ConnectionPoolTests"/>.</summary>
public sealed class LimitedStreamsTests
{
    private const string Rest = "rest";

    [Theory]
    [InlineData("000000 04 00 00000000", "000006 04 00 00000000 0003 00000005")]
    [InlineData("000006 04 00 00000000 0003 00000064", "000006 04 00 00000000 0003 00000005")]
    [InlineData("000006 04 00 00000000 0003 00000004", "000006 04 00 00000000 0003 00000004")]
    [InlineData("000006 04 00 00000000 0004 00000064", "00000C 04 00 00000000 0004 00000064 0003 00000005")]
    [InlineData("00000C 04 00 00000000 0003 00000001 0003 00000064", "00000C 04 00 00000000 0003 00000001 0003 00000005")]
    public async Task SettingsAllowNoMoreThanTheLimit(string sent, string expected) => await AssertReads(sent, expected);

    /// <summary>Not ours to judge: HTTP/1.1, a wrong length, an acknowledgement, a stream's frame, one that is too long, and half of one.</summary>
    [Theory]
    [InlineData("485454502F312E3120343030")]
    [InlineData("000005 04 00 00000000 0003000000")]
    [InlineData("000000 04 01 00000000")]
    [InlineData("000000 04 00 00000001")]
    [InlineData("FFFFFC 04 00 00000000 0003")]
    [InlineData("000006 04 00 00000000 00", false)]
    [InlineData("000006 04", false)]
    [InlineData("", false)]
    public async Task WhatIsNoSettingsPassesAsItIs(string sent, bool goesOn = true) => await AssertReads(sent, sent, goesOn);

    [Fact]
    public async Task AServerWithoutSettingsIsNotWaitedForForEver()
    {
        var time = new FakeTime();
        await using var limited = new LimitedStreams(new Silent(), 5, TimeSpan.FromSeconds(1), time);
        var writing = limited.WriteAsync("preface"u8.ToArray()).AsTask();
        Assert.False(writing.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Contains("no HTTP/2 settings", (await Assert.ThrowsAsync<IOException>(() => writing.WaitAsync(TimeSpan.FromSeconds(30)))).Message, StringComparison.Ordinal);
    }

    private static async Task AssertReads(string sent, string expected, bool goesOn = true)
    {
        foreach (var size in (int[])[1, 7, 4096])
        {
            var tail = goesOn ? System.Text.Encoding.ASCII.GetBytes(Rest) : [];
            await using var limited = new LimitedStreams(new Dripping([.. Bytes(sent), .. tail], size), 5, TimeSpan.FromSeconds(1), TimeProvider.System);
            await limited.WriteAsync("preface"u8.ToArray());
            var read = new List<byte>();
            var buffer = new byte[size];
            for (int count; (count = await limited.ReadAsync(buffer)) > 0;)
            {
                read.AddRange(buffer.AsSpan(0, count));
            }

            Assert.Equal([.. Bytes(expected), .. tail], read);
        }
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>Gives no more than so many bytes at a time.</summary>
    private sealed class Dripping(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }

    private sealed class Silent : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return 0;
        }
    }
}
