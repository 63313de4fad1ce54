using System.Net;
using System.Net.Http.Json;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.BadInput;

/// <summary>A request that fails by itself is the caller's affair: it gets its own exception, and nobody blames the upstream or tries again.</summary>
public sealed class CallerFaultTests
{
    private static readonly Dictionary<string, Func<Exception>> Failures = new()
    {
        ["io"] = () => new IOException("the disk is gone"),
        ["disposed"] = () => new ObjectDisposedException("upload"),
        ["invalid"] = () => new InvalidOperationException("not now"),
        ["http"] = () => new HttpRequestException(HttpRequestError.ConnectionError, "another server, which the body comes from"),
        ["cancelled"] = () => new OperationCanceledException("of the app's own accord"),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var failure in Failures.Keys)
            {
                cases.Add(failure, "1.1");
                cases.Add(failure, "2.0");
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ItsExceptionReachesTheCallerAndCountsForNothing(string name, string version)
    {
        var failure = Failures[name]();
        await using var cluster = Serve(version);

        var caught = await Assert.ThrowsAnyAsync<Exception>(() => cluster.SendAsync(Request(new StreamContent(new FailingStream(failure)), version)));

        Assert.Same(failure, caught);
        AssertNotBlamed(cluster);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task AnObjectThatCannotBeSerialized(string version)
    {
        var failure = new InvalidOperationException("half of it");
        var begun = 0;
        await using var cluster = Serve(version);

        var caught = await Assert.ThrowsAnyAsync<Exception>(() => cluster.SendAsync(Request(JsonContent.Create(Numbers()), version)));

        Assert.Same(failure, caught);
        Assert.Equal(1, begun);
        AssertNotBlamed(cluster);

        async IAsyncEnumerable<int> Numbers()
        {
            begun++;
            yield return 1;
            await Task.Yield();
            throw failure;
        }
    }

    [Theory]
    [InlineData("1.1")]
    public async Task AConnectionThatBreaksWhileTheBodyIsSentIsStillTheUpstreams(string version)
    {
        await using var cluster = new ScriptedCluster(async (connection, _) =>
        {
            await connection.ReadHeadAsync();
            connection.Reset();
        });

        Assert.StartsWith("503 UC", await cluster.OutcomeAsync(Request(new StreamContent(new EndlessStream()), version)), StringComparison.Ordinal);
        Assert.Equal(1, cluster.Cluster.Model.Known[0].Ejection.ServerErrorsInARow);
    }

    [Theory]
    [InlineData("1.1", 5)]
    [InlineData("2.0", 5)]
    [InlineData("1.1", 50)]
    [InlineData("2.0", 50)]
    public async Task ALengthThatIsNotTheBodys(string version, int announced)
    {
        await using var cluster = Serve(version);
        var content = new ByteArrayContent(new byte[10]) { Headers = { ContentLength = announced } };

        var caught = await Assert.ThrowsAsync<HttpRequestException>(() => cluster.SendAsync(Request(content, version)));

        Assert.Contains("Content-Length", caught.Message, StringComparison.Ordinal);
        AssertNotBlamed(cluster);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task AHeaderThatHttpClientDoesNotSend(string version)
    {
        await using var cluster = Serve(version);
        var request = Request(new ByteArrayContent([]), version);
        request.Headers.TryAddWithoutValidation("x-name", "J\u00FCrgen");

        var caught = await Assert.ThrowsAsync<HttpRequestException>(() => cluster.SendAsync(request));

        Assert.Contains("ASCII", caught.Message, StringComparison.Ordinal);
        AssertNotBlamed(cluster);
    }

    private static void AssertNotBlamed(ScriptedCluster cluster)
    {
        var state = cluster.Cluster.Model.Known[0].Ejection;
        Assert.Equal((0, 0), (state.ServerErrorsInARow, state.LocalFailuresInARow));
        cluster.AssertNothingHeld();
    }

    private static ScriptedCluster Serve(string version) => new(async (connection, _) =>
    {
        if (version == "2.0")
        {
            await new Http2Script(connection).OpenAsync();
        }

        await connection.ReadToEndAsync();
    })
    { Retry = Sample.Retry(RetryConditions.ServerError | RetryConditions.Reset | RetryConditions.ConnectFailure) };

    private static HttpRequestMessage Request(HttpContent content, string version) => ScriptedCluster.Request(HttpMethod.Post, new Version(version), content);

    /// <summary>Gives a little, and then fails.</summary>
    private sealed class FailingStream(Exception failure) : EndlessStream
    {
        private int _reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _reads++ == 0 ? base.ReadAsync(buffer, cancellationToken) : ValueTask.FromException<int>(failure);
    }

    private class EndlessStream : MemoryStream
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Math.Min(buffer.Length, 1000));

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            var buffer = new byte[1000];
            while (true)
            {
                await destination.WriteAsync(buffer.AsMemory(0, await ReadAsync(buffer, cancellationToken)), cancellationToken);
            }
        }
    }
}
