using System.Net;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.BadInput;

/// <summary>Servers that break HTTP/2 streams and connections (RFC 9113, sections 6.4, 6.8, 7), and what a caller hears of it.</summary>
public sealed class Http2BackendTests
{
    private const uint NoError = 0;
    private const uint ProtocolError = 1;
    private const uint InternalError = 2;
    private const uint RefusedStream = 7;
    private const uint Cancel = 8;
    private const uint EnhanceYourCalm = 11;

    private static readonly (string, string)[] s_ok = [(":status", "200")];

    [Theory]
    [InlineData(ProtocolError, "502 UPE 1")]
    [InlineData(InternalError, "503 UR 1")]
    [InlineData(Cancel, "503 UR 1")]
    [InlineData(EnhanceYourCalm, "503 UR 1")]
    public async Task AResetStreamIsTheUpstreamsResetAndIsNotSentAgain(uint code, string expected)
    {
        var requests = 0;
        await using var cluster = Serve(async (http, _) =>
        {
            var stream = await http.ReadRequestAsync();
            Interlocked.Increment(ref requests);
            await http.ResetAsync(stream, code);
        });

        Assert.Equal((expected, 1), (await cluster.OutcomeAsync(Request()), requests));
    }

    [Fact]
    public async Task ARefusedStreamIsRetriedOnAnotherEndpointEvenForAPost()
    {
        await using var cluster = new ScriptedCluster(
            Http2((http, _) => RefuseAsync(http)),
            Http2(async (http, _) => await http.SendHeadersAsync(await http.ReadRequestAsync(), end: true, s_ok)))
        { Retry = Sample.Retry(RetryConditions.RefusedStream) };

        Assert.StartsWith("200 - ", await cluster.OutcomeAsync(Request(HttpMethod.Post, new StringContent("order"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatRefusesAllStreamsIsGivenUp()
    {
        await using var cluster = Serve((http, _) => RefuseAsync(http));

        Assert.Equal("503 UR 1", await cluster.OutcomeAsync(Request()));
    }

    [Fact]
    public async Task ARequestThatAGoawayDidNotCountGoesToANewConnection()
    {
        await using var cluster = new ScriptedCluster(async (connection, number) =>
        {
            var http = new Http2Script(connection);
            await http.OpenAsync();
            var stream = await http.ReadRequestAsync();
            if (number == 1)
            {
                await http.GoAwayAsync(0, NoError);
            }
            else
            {
                await http.SendHeadersAsync(stream, end: true, s_ok);
            }

            await connection.ReadToEndAsync();
        });

        Assert.Equal("200 - 1", await cluster.OutcomeAsync(Request(HttpMethod.Post, new StringContent("order"))));
        Assert.Equal(2, cluster.Connections);
    }

    [Fact]
    public async Task ARequestThatAGoawayCountedEndsOnItsConnection()
    {
        await using var cluster = Serve(async (http, _) =>
        {
            var stream = await http.ReadRequestAsync();
            await http.GoAwayAsync(stream, NoError);
            await http.SendHeadersAsync(stream, end: false, s_ok);
            await http.SendDataAsync(stream, end: true, "whole"u8.ToArray());
        });

        using var response = await cluster.SendAsync(Request());

        Assert.Equal("whole", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task AGoawayWithAnErrorEndsWhatItCounted()
    {
        await using var cluster = Serve(async (http, connection) =>
        {
            await http.GoAwayAsync(await http.ReadRequestAsync(), InternalError);
            await connection.FinishAsync();
        });

        Assert.Equal("503 UR 1", await cluster.OutcomeAsync(Request(HttpMethod.Post, new StringContent("order"))));
    }

    [Theory]
    [InlineData(InternalError)]
    [InlineData(Cancel)]
    public async Task AResetInTheMiddleOfABodyEndsTheLease(uint code)
    {
        var read = new TaskCompletionSource();
        await using var cluster = Serve(async (http, _) =>
        {
            var stream = await http.ReadRequestAsync();
            await http.SendHeadersAsync(stream, end: false, s_ok);
            await http.SendDataAsync(stream, end: false, "half"u8.ToArray());
            await read.Task;
            await http.ResetAsync(stream, code);
        });
        using var response = await cluster.SendAsync(Request());
        var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[4]);
        Assert.Equal(1, cluster.Cluster.Breaker.Requests);
        read.SetResult();

        await Assert.ThrowsAnyAsync<IOException>(() => body.ReadAsync(new byte[4]).AsTask().WaitAsync(ScriptedCluster.Patience));

        cluster.AssertNothingHeld();
    }

    [Theory]
    [InlineData("5")]
    [InlineData("100")]
    public async Task AContentLengthThatLiesDoesNotHoldTheLease(string length)
    {
        await using var cluster = Serve(async (http, _) =>
        {
            var stream = await http.ReadRequestAsync();
            await http.SendHeadersAsync(stream, end: false, [.. s_ok, ("content-length", length)]);
            await http.SendDataAsync(stream, end: true, "eleven char"u8.ToArray());
        });
        using var response = await cluster.SendAsync(Request());

        try
        {
            await response.Content.ReadAsByteArrayAsync().WaitAsync(ScriptedCluster.Patience);
        }
        catch (HttpRequestException)
        {
            // Whether the lie is noticed is the HTTP library's business; that it ends is ours.
        }

        cluster.AssertNothingHeld();
    }

    [Fact]
    public async Task AnAnswerOfHeadersAloneHoldsNothingEvenIfNobodyLooksAtIt()
    {
        await using var cluster = Serve(async (http, _) =>
            await http.SendHeadersAsync(await http.ReadRequestAsync(), end: true, [.. s_ok, ("grpc-status", "14")]));

        var response = await cluster.SendAsync(Request());

        Assert.Equal("14", response.Headers.GetValues("grpc-status").Single());
        cluster.AssertNothingHeld();
    }

    [Fact]
    public async Task CancellingInTheMiddleOfABodyResetsTheStreamAndEndsTheLease()
    {
        var reset = new TaskCompletionSource<byte>();
        await using var cluster = Serve(async (http, _) =>
        {
            var stream = await http.ReadRequestAsync();
            await http.SendHeadersAsync(stream, end: false, s_ok);
            reset.SetResult((await http.ReadAsync()).Type);
        });
        using var cancel = new CancellationTokenSource();
        using var response = await cluster.SendAsync(Request());
        var body = await response.Content.ReadAsStreamAsync();
        var reading = body.ReadAsync(new byte[1], cancel.Token).AsTask();
        Assert.Equal(1, cluster.Cluster.Breaker.Requests);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(ScriptedCluster.Patience));
        response.Dispose();

        Assert.Equal(Http2Frame.RstStream, await reset.Task.WaitAsync(ScriptedCluster.Patience));
        cluster.AssertNothingHeld();
    }

    [Theory]
    [InlineData("not http at all, not even nearly, and long enough")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    public async Task AServerThatDoesNotSpeakHttp2IsAProtocolError(string answer)
    {
        await using var cluster = new ScriptedCluster(async (connection, _) =>
        {
            await connection.ReadAsync(24);
            await connection.WriteAsync(answer);
            await connection.ReadToEndAsync();
        });

        Assert.Equal("502 UPE 1", await cluster.OutcomeAsync(Request()));
    }

    [Fact]
    public async Task HeadersThatCannotBeDecodedEndTheConnection()
    {
        await using var cluster = Serve(async (http, _) =>
            await http.SendAsync(Http2Frame.Headers, 5, await http.ReadRequestAsync(), [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));

        Assert.Equal("503 UC 1", await cluster.OutcomeAsync(Request()));
    }

    [Fact]
    public async Task GiantHeadersAreAProtocolError()
    {
        await using var cluster = Serve(async (http, _) =>
        {
            var stream = await http.ReadRequestAsync();
            for (var i = 0; i < 10; i++)
            {
                await http.SendAsync(i == 0 ? Http2Frame.Headers : (byte)9, 0, stream, Field(new string('a', 8 * 1024)));
            }

            static byte[] Field(string value) => [0x10, 1, (byte)'x', 0x7f, 0x81, 0x3f, .. System.Text.Encoding.ASCII.GetBytes(value)];
        });

        Assert.Equal("502 UPE 1", await cluster.OutcomeAsync(Request()));
    }

    private static async Task RefuseAsync(Http2Script http)
    {
        while (true)
        {
            await http.ResetAsync(await http.ReadRequestAsync(), RefusedStream);
        }
    }

    private static HttpRequestMessage Request(HttpMethod? method = null, HttpContent? content = null) => ScriptedCluster.Request(method, HttpVersion.Version20, content);

    private static ScriptedCluster Serve(Func<Http2Script, ScriptedConnection, Task> script) => new(Http2(script));

    private static Func<ScriptedConnection, int, Task> Http2(Func<Http2Script, ScriptedConnection, Task> script) => async (connection, _) =>
    {
        var http = new Http2Script(connection);
        await http.OpenAsync();
        await script(http, connection);
        await connection.ReadToEndAsync();
    };
}
