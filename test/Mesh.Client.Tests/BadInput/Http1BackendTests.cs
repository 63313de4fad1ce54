using System.Net;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.BadInput;

/// <summary>Servers that break HTTP/1.1, and what a caller hears of it: Envoy's status codes and response flags.</summary>
public sealed class Http1BackendTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData("", "503 UC 1")]
    [InlineData("HTTP/1.1 200 O", "503 UC 1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", "503 UC 1")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n\r\n", "502 UPE 1")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n", "502 UPE 1")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "502 UPE 1")]
    [InlineData("HTTP/1.1 200 OK\r\n: no name\r\n\r\n", "502 UPE 1")]
    public async Task AnAnswerThatIsNoHttpIsAnswered(string answer, string expected)
    {
        await using var cluster = new ScriptedCluster(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(answer);
        });

        Assert.Equal(expected, await cluster.OutcomeAsync());
    }

    [Fact]
    public async Task AResetBeforeTheAnswerIsATermination()
    {
        await using var cluster = new ScriptedCluster(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            connection.Reset();
        });

        Assert.Equal("503 UC 1", await cluster.OutcomeAsync());
    }

    [Theory]
    [InlineData("x: ", 100 * 1024)]
    [InlineData("", 100 * 1024)]
    public async Task GiantHeadersAreAProtocolError(string name, int size)
    {
        await using var cluster = new ScriptedCluster(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\n{name}{new string('a', size)}\r\n\r\n");
            await connection.ReadToEndAsync();
        });

        Assert.Equal("502 UPE 1", await cluster.OutcomeAsync());
    }

    [Fact]
    public async Task AServerThatHangsBeforeItsHeadersMeetsTheRoutesTimeout()
    {
        await using var cluster = new ScriptedCluster(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.HangAsync();
        })
        { Timeout = TimeSpan.FromMilliseconds(100) };

        Assert.Equal("504 UT 1", await cluster.OutcomeAsync());
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\nhalf")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n")]
    public async Task HalfABodyIsAnErrorOfTheBodyAndEndsTheLease(string rest)
    {
        await using var cluster = new ScriptedCluster(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\n" + rest);
        });
        using var response = await cluster.SendAsync();
        Assert.Equal(1, cluster.Cluster.Breaker.Requests);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync().WaitAsync(ScriptedCluster.Patience));

        cluster.AssertNothingHeld();
    }

    [Fact]
    public async Task ABodyThatStopsMovingIsBrokenOffByTheRoutesTimeout()
    {
        await using var cluster = new ScriptedCluster(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            await connection.HangAsync();
        })
        { Timeout = TimeSpan.FromMilliseconds(200) };
        using var response = await cluster.SendAsync();

        var error = await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync().WaitAsync(ScriptedCluster.Patience));

        Assert.Contains("the route's timeout of 200 ms ran out", error.InnerException?.Message ?? error.Message, StringComparison.Ordinal);
        cluster.AssertNothingHeld();
    }

    [Fact]
    public async Task AResetInTheMiddleOfABodyEndsTheLease()
    {
        var read = new TaskCompletionSource();
        await using var cluster = new ScriptedCluster(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            await read.Task;
            connection.Reset();
        });
        using var response = await cluster.SendAsync();
        var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[4]);
        read.SetResult();

        await Assert.ThrowsAnyAsync<IOException>(() => body.ReadAsync(new byte[4]).AsTask().WaitAsync(ScriptedCluster.Patience));

        cluster.AssertNothingHeld();
    }

    [Fact]
    public async Task WhatIsSentBeyondTheContentLengthReachesNoOtherCall()
    {
        await using var cluster = new ScriptedCluster(async (connection, number) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(number == 1 ? Ok + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison" : Ok);
            await connection.ReadToEndAsync();
        });

        for (var call = 0; call < 2; call++)
        {
            using var response = await cluster.SendAsync();
            Assert.Equal("ok", await response.Content.ReadAsStringAsync());
        }

        Assert.Equal(2, cluster.Connections);
    }

    [Theory]
    [InlineData("Content-Length: 1\r\nContent-Length: 2", "a")]
    [InlineData("Content-Length: -1", "ab")]
    [InlineData("Content-Length: 99999999999999999999", "ab")]
    public async Task AnUnusableContentLengthKeepsTheConnectionFromOtherCalls(string length, string expected)
    {
        await using var cluster = new ScriptedCluster(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\n{length}\r\n\r\nab");
        });

        for (var call = 0; call < 2; call++)
        {
            using var response = await cluster.SendAsync();
            Assert.Equal(expected, await response.Content.ReadAsStringAsync());
        }

        Assert.Equal(2, cluster.Connections);
    }

    [Theory]
    [InlineData(204)]
    [InlineData(304)]
    public async Task AnAnswerWithoutABodyHoldsNothingEvenIfNobodyLooksAtIt(int status)
    {
        await using var cluster = new ScriptedCluster(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync($"HTTP/1.1 {status} Nothing\r\n\r\n");
            await connection.ReadToEndAsync();
        });

        var response = await cluster.SendAsync();

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("flags=- route=canary", response.GetMeshOutcome()!.ToString()[..20]);
        cluster.AssertNothingHeld();
    }

    [Theory]
    [InlineData("POST", true)]
    [InlineData("POST", false)]
    [InlineData("PATCH", false)]
    public async Task ANewRequestOnAConnectionThatJustClosedIsNotSentTwiceOnceTheServerHasReadIt(string method, bool withBody)
    {
        var received = 0;
        await using var cluster = new ScriptedCluster(async (connection, number) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(Ok);
            if ((await connection.ReadHeadAsync()).Length > 0)
            {
                // It has been read, and may have been acted upon: nobody may send it again unasked.
                Interlocked.Increment(ref received);
            }
        });
        using (var first = await cluster.SendAsync())
        {
            await first.Content.ReadAsStringAsync();
        }

        var outcome = await cluster.OutcomeAsync(ScriptedCluster.Request(new HttpMethod(method), content: withBody ? new StringContent("order") : null));

        Assert.Equal(("503 UC 1", 1), (outcome, received));
    }

    [Fact]
    public async Task AConnectionThatTheServerClosedWhileItWasIdleIsReplacedUnseen()
    {
        await using var cluster = new ScriptedCluster(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(Ok);
        });

        for (var call = 0; call < 5; call++)
        {
            using var response = await cluster.SendAsync(ScriptedCluster.Request(HttpMethod.Post, content: new StringContent("order")));
            Assert.Equal((HttpStatusCode.OK, "ok"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
            await cluster.ConnectionClosedAsync();
        }
    }

    [Fact]
    public async Task CancellingBeforeTheAnswerClosesTheConnectionAndHoldsNothing()
    {
        var closed = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        await using var cluster = new ScriptedCluster(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            await cancel.CancelAsync();
            await connection.ReadToEndAsync();
            closed.SetResult();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cluster.SendAsync(null, cancel.Token));

        await closed.Task.WaitAsync(ScriptedCluster.Patience);
        cluster.AssertNothingHeld();
    }

    [Fact]
    public async Task ARetryGoesToTheServerThatSpeaksHttp()
    {
        await using var cluster = new ScriptedCluster(
            async (connection, _) =>
            {
                await connection.ReadHeadAsync();
                await connection.WriteAsync("SSH-2.0-OpenSSH_9.6\r\n\r\n");
            },
            async (connection, _) =>
            {
                while ((await connection.ReadHeadAsync()).Length > 0)
                {
                    await connection.WriteAsync(Ok);
                }
            })
        { Retry = Sample.Retry(RetryConditions.Reset) };

        var outcomes = new[] { await cluster.OutcomeAsync(), await cluster.OutcomeAsync() };

        Assert.All(outcomes, o => Assert.StartsWith("200 - ", o, StringComparison.Ordinal));
        Assert.Contains("200 - 2", outcomes);
    }
}
