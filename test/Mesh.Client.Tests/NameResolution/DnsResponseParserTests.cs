using ProxylessMesh.Client.NameResolution;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Client.Tests.NameResolution;

/// <summary>What the network may send to our port.</summary>
public sealed class DnsResponseParserTests
{
    private static readonly DnsQuery Query = new(0x1234, "api.test", DnsRecordType.A);
    private static readonly byte[] Question = Query.ToBytes();
    private static readonly byte[] Ten = [10, 0, 0, 1];

    [Fact]
    public void AliasesAreFollowedAndTheShortestTimeCounts()
    {
        var response = Parse(
            DnsServer.Record(DnsServer.Pointer, 5, 10, DnsServer.Name("b.test")),
            DnsServer.Record(DnsServer.Name("b.test"), 5, 300, DnsServer.Name("c.test")),
            DnsServer.Record(DnsServer.Name("C.TEST"), 1, 60, Ten),
            DnsServer.Record(DnsServer.Name("stranger.test"), 1, 1, [6, 6, 6, 6]))!;

        Assert.Equal("10.0.0.1", response.Addresses.Single().ToString());
        Assert.Equal(TimeSpan.FromSeconds(10), response.TimeToLive);
    }

    [Theory]
    [InlineData(0x80000000L, 0)]
    [InlineData(0x7FFFFFFFL, 604800)]
    public void TimesToLiveAreBounded(long sent, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Parse(DnsServer.Record(DnsServer.Pointer, 1, sent, Ten))!.TimeToLive);

    [Fact]
    public void AliasesInACircleAreNoAnswer() => Assert.Null(Parse(
        DnsServer.Record(DnsServer.Pointer, 5, 10, DnsServer.Name("b.test")),
        DnsServer.Record(DnsServer.Name("b.test"), 5, 10, DnsServer.Pointer)));

    [Fact]
    public void PointerToItselfIsNoName()
    {
        var at = Question.Length;
        Assert.Null(Parse(DnsServer.Record([0xC0, (byte)at], 1, 10, Ten)));
    }

    [Fact]
    public void PointersInACircleAreNoName()
    {
        var at = Question.Length;

        // A label, then a pointer to that label.
        Assert.Null(Parse(DnsServer.Record([1, (byte)'a', 0xC0, (byte)at], 1, 10, Ten)));
        Assert.Null(Parse(DnsServer.Record([0xC0, (byte)(at + 2), 0xC0, (byte)at], 1, 10, Ten)));
    }

    [Fact]
    public void NameThatIsTooLongIsNoName() =>
        Assert.Null(Parse(DnsServer.Record([.. Enumerable.Repeat(new byte[] { 63 }.Concat(Enumerable.Repeat((byte)'a', 63)), 5).SelectMany(l => l), 0], 1, 10, Ten)));

    [Fact]
    public void AddressOfTheWrongLengthIsNoAnswer() => Assert.Null(Parse(DnsServer.Record(DnsServer.Pointer, 1, 10, [1, 2, 3])));

    [Fact]
    public void OtherIdQuestionOrDirectionIsNotOurs()
    {
        var good = DnsServer.Answer(Question, 0, DnsServer.Record(DnsServer.Pointer, 1, 10, Ten));
        Assert.NotNull(DnsResponseParser.Parse(good, Query));

        Assert.Null(DnsResponseParser.Parse(good, Query with { Id = 0x1235 }));
        Assert.Null(DnsResponseParser.Parse(good, Query with { Name = "api.tesu" }));
        Assert.Null(DnsResponseParser.Parse(good, Query with { Type = DnsRecordType.Aaaa }));
        Assert.Null(DnsResponseParser.Parse(Question, Query));
    }

    [Fact]
    public void NoBytesDoMoreThanBeRefused()
    {
        var good = DnsServer.Answer(
            Question, 0, DnsServer.Record(DnsServer.Pointer, 5, 10, DnsServer.Name("b.test")), DnsServer.Record(DnsServer.Name("b.test"), 1, 60, Ten));
        for (var length = 0; length < good.Length; length++)
        {
            Assert.Null(DnsResponseParser.Parse(good.AsSpan(0, length), Query));
        }

        var random = new SeededRandom(7);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = good.ToArray();
            for (var changes = 0; changes < 3; changes++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            _ = DnsResponseParser.Parse(bytes, Query);
        }
    }

    private static DnsResponse? Parse(params byte[][] records) => DnsResponseParser.Parse(DnsServer.Answer(Question, 0, records), Query);
}
