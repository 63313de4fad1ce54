using System.Net;
using System.Net.Sockets;
using ProxylessMesh.Client.NameResolution;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.NameResolution;

/// <summary>Against a real name server on a socket.</summary>
public sealed class NameResolverTests : IAsyncLifetime
{
    private readonly DnsServer _server = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task AddressesComeWithTheirTimeToLive()
    {
        _server.Set("api.partner.test", DnsServer.A, 30, "10.0.0.1", "10.0.0.2");

        var answer = await ResolveAsync("API.partner.test", DnsLookupFamily.V4Only);

        Assert.Equal(["10.0.0.1", "10.0.0.2"], answer.Addresses.Select(a => a.ToString()));
        Assert.Equal(TimeSpan.FromSeconds(30), answer.TimeToLive);
        Assert.Null(answer.Error);
    }

    [Theory]
    [InlineData("V4Only", "10.0.0.1")]
    [InlineData("V6Only", "fd00::1")]
    [InlineData("V4Preferred", "10.0.0.1")]
    [InlineData("V6Preferred", "fd00::1")]
    [InlineData("All", "fd00::1,10.0.0.1")]
    public async Task FamilyDecidesWhichAddressesCount(string family, string expected)
    {
        _server.Set("both.test", DnsServer.A, 30, "10.0.0.1");
        _server.Set("both.test", DnsServer.Aaaa, 20, "fd00::1");

        var answer = await ResolveAsync("both.test", Enum.Parse<DnsLookupFamily>(family));

        Assert.Equal(expected, string.Join(',', answer.Addresses));
    }

    [Fact]
    public async Task PreferredFamilyFallsBackToTheOther()
    {
        _server.Set("old.test", DnsServer.Aaaa, 30);
        _server.Set("old.test", DnsServer.A, 30, "10.0.0.1");

        Assert.Equal("10.0.0.1", (await ResolveAsync("old.test", DnsLookupFamily.V6Preferred)).Addresses.Single().ToString());
        Assert.Equal("the name has no address", (await ResolveAsync("old.test", DnsLookupFamily.V6Only)).Error);
    }

    [Fact]
    public async Task AnswerThatDoesNotFitIsFetchedOverTcp()
    {
        _server.SetTruncated("big.test", DnsServer.A, 30, [.. Enumerable.Range(1, 200).Select(i => $"10.0.1.{i}")]);

        var answer = await ResolveAsync("big.test", DnsLookupFamily.V4Only);

        Assert.Equal(200, answer.Addresses.Count);
        Assert.Equal(["big.test 1 udp", "big.test 1 tcp"], _server.Questions);
    }

    [Fact]
    public async Task ShortNamesAreTriedInTheSearchDomains()
    {
        _server.Set("db.prod.corp.test", DnsServer.A, 30, "10.0.0.1");

        var answer = await ResolveAsync("db.prod", DnsLookupFamily.V4Only, new FixedFiles("", _server.EndPoint) { Search = ["lab.test", "corp.test"], Dots = 2 });

        Assert.Equal("10.0.0.1", answer.Addresses.Single().ToString());
        Assert.Equal(["db.prod.lab.test 1 udp", "db.prod.corp.test 1 udp"], _server.Questions);
    }

    [Fact]
    public async Task HostsFileGoesFirst()
    {
        _server.Set("api.test", DnsServer.A, 30, "10.0.0.1");

        var answer = await ResolveAsync("api.test", DnsLookupFamily.V4Only, new FixedFiles("127.0.0.9 other api.test # ours\n", _server.EndPoint));

        Assert.Equal("127.0.0.9", answer.Addresses.Single().ToString());
        Assert.Null(answer.TimeToLive);
        Assert.Empty(_server.Questions);
    }

    [Fact]
    public async Task WithoutNameServerTheSystemIsAsked()
    {
        var answer = await ResolveAsync("localhost", DnsLookupFamily.V4Preferred, new FixedFiles());

        Assert.Contains(IPAddress.Loopback, answer.Addresses);
    }

    [Fact]
    public async Task FailuresAreSaidInWords()
    {
        _server.Fail("broken.test", DnsServer.A, 2);
        _server.Fail("refused.test", DnsServer.A, 5);

        Assert.Equal("no such name (NXDOMAIN)", (await ResolveAsync("nowhere.test", DnsLookupFamily.V4Only)).Error);
        Assert.Equal($"name server {_server.EndPoint} says SERVFAIL", (await ResolveAsync("broken.test", DnsLookupFamily.V4Only)).Error);
        Assert.Equal($"name server {_server.EndPoint} says REFUSED", (await ResolveAsync("refused.test", DnsLookupFamily.V4Only)).Error);
        Assert.Equal("is no name that DNS can hold", (await ResolveAsync(new string('a', 64) + ".test", DnsLookupFamily.V4Only)).Error);
    }

    [Fact]
    public async Task NextServerAnswersWhereOneDoesNot()
    {
        _server.Set("api.test", DnsServer.A, 30, "10.0.0.1");
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var dead = (IPEndPoint)closed.LocalEndPoint!;
        closed.Dispose();

        var answer = await ResolveAsync("api.test", DnsLookupFamily.V4Only, new FixedFiles("", dead, _server.EndPoint));

        Assert.Equal("10.0.0.1", answer.Addresses.Single().ToString());
    }

    [Fact]
    public async Task ServerThatIsSilentTimesOut()
    {
        var asked = new TaskCompletionSource();
        _server.Reply("silent.test", DnsServer.A, _ =>
        {
            asked.TrySetResult();
            return null;
        });
        var time = new FakeTime();
        var resolving = new NameResolver(new FixedFiles("", _server.EndPoint), time).ResolveAsync("silent.test", DnsLookupFamily.V4Only, CancellationToken.None);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal($"name server {_server.EndPoint} did not answer within 5 s", (await resolving.WaitAsync(TimeSpan.FromSeconds(30))).Error);
    }

    private Task<NameAnswer> ResolveAsync(string name, DnsLookupFamily family, ResolverFiles? files = null) =>
        new NameResolver(files ?? new FixedFiles("", _server.EndPoint), TimeProvider.System).ResolveAsync(name, family, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
}
