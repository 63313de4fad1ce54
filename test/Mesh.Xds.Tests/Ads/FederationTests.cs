using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>Rule 19 (gRFC A47): names with authorities, each with servers of its own.</summary>
public sealed class FederationTests
{
    private static readonly ResourceKind<Note> s_partial = Note.Partial with { TypeUrl = "type.googleapis.com/test.Partial" };
    private static readonly ResourceKind<Note> s_full = Note.Full with { TypeUrl = "type.googleapis.com/test.Full" };

    private readonly ScriptedServer _own = new() { Name = "own" };
    private readonly ScriptedServer _partners = new() { Name = "partners" };

    [Fact]
    public async Task Rule19_each_authority_is_asked_at_its_own_servers()
    {
        await using var mesh = new AdsFixture([_own], new() { ["partner"] = [_partners] });
        var (plain, own) = await mesh.StartAsync(s_partial, "a");
        var foreign = mesh.Watch(s_partial, "xdstp://partner/test.Partial/b");
        var partners = await _partners.AcceptAsync();
        var request = await partners.NextAsync();

        Assert.Equal(["xdstp://partner/test.Partial/b"], request.ResourceNames);
        Assert.NotNull(request.Node);
        await own.ExchangeAsync(s_partial, "1", "n1", Note.Any(s_partial, "a=ours"), Note.Any(s_partial, "xdstp://partner/test.Partial/b=forged"));
        await partners.ExchangeAsync(s_partial, "9", "m1", Note.Any(s_partial, "xdstp://partner/test.Partial/b=theirs"), Note.Any(s_partial, "a=forged"));

        Assert.Equal("ours", await plain.NextAsync());
        Assert.Equal("theirs", await foreign.NextAsync());
        await mesh.SettleAsync();
        Assert.True(plain.IsQuiet);
        Assert.True(foreign.IsQuiet);
    }

    [Fact]
    public async Task Rule19_one_server_of_several_authorities_is_one_stream()
    {
        await using var mesh = new AdsFixture([_own], new() { ["x"] = [_own], ["y"] = [_own] });
        var (_, stream) = await mesh.StartAsync(s_full, "a");
        var x = mesh.Watch(s_full, "xdstp://x/test.Full/1");
        await stream.NextAsync();
        var y = mesh.Watch(s_full, "xdstp://y/test.Full/1", out var subscription);

        Assert.Equal(["a", "xdstp://x/test.Full/1", "xdstp://y/test.Full/1"], (await stream.NextAsync()).ResourceNames);
        await stream.ExchangeAsync(s_full, "1", "n1", Note.Any(s_full, "xdstp://x/test.Full/1=of x"), Note.Any(s_full, "xdstp://y/test.Full/1=of y"));
        Assert.Equal(["of x", "of y"], [await x.NextAsync(), await y.NextAsync()]);
        subscription.Dispose();
        Assert.Equal(["a", "xdstp://x/test.Full/1"], (await stream.NextAsync()).ResourceNames);
        Assert.Equal(1, _own.Opened);
    }

    [Fact]
    public async Task Rule19_all_spellings_of_a_name_are_one_resource()
    {
        await using var mesh = new AdsFixture([_own], new() { ["x"] = [_own] });
        var (first, stream) = await mesh.StartAsync(s_partial, "xdstp://x/test.Partial/a%62?k=2&j=1&k=3#entry=7");
        var second = mesh.Watch(s_partial, "xdstp://x/test.Partial/ab?j=1&k=3");
        await mesh.SettleAsync();
        Assert.False(stream.HasRequest);
        Assert.Equal("xdstp://x/test.Partial/ab?j=1&k=3", (await mesh.ResourceAsync("xdstp://x/test.Partial/ab?j=1&k=3")).Name);

        // The texts of this test's resources end at the first =.
        stream.Send(new()
        {
            TypeUrl = s_partial.TypeUrl,
            VersionInfo = "1",
            Nonce = "n1",
            ResourceErrors = { new Envoy.Service.Discovery.V3.ResourceError { ResourceName = new() { Name = "xdstp://x/test.Partial/ab?k=3&j=1" }, ErrorDetail = new() { Code = 5 } } },
        });
        Assert.Equal(["missing DoesNotExist", "missing DoesNotExist"], [await first.NextAsync(), await second.NextAsync()]);
    }

    [Theory]
    [InlineData("xdstp://unknown/test.Partial/a", "which the bootstrap does not list")]
    [InlineData("xdstp://x/test.Other/a", "\"test.Partial\" is asked for")]
    [InlineData("xdstp://x", "is not of the form")]
    [InlineData("xdstp:x/y/z", "is not of the form")]
    public async Task Rule19_a_name_that_nobody_can_be_asked_for_is_an_error_at_once(string name, string expected)
    {
        await using var mesh = new AdsFixture([_own], new() { ["x"] = [_own] });
        var watcher = mesh.Watch(s_partial, name, out var subscription);

        Assert.Equal("missing Invalid", await watcher.NextAsync());
        Assert.Contains(expected, watcher.LastError!.Message, StringComparison.Ordinal);
        subscription.Dispose();
        Assert.All((await mesh.Client.GetStatusAsync()).Types, t => Assert.Empty(t.Resources));
        Assert.Equal(0, _own.Opened);
    }

    [Fact]
    public async Task Rule16_19_an_authority_falls_back_to_a_stream_that_another_one_uses_and_leaves_it_alone()
    {
        _partners.Refuse = new IOException("refused");
        await using var mesh = new AdsFixture([_own], new() { ["partner"] = [_partners, _own] });
        var (plain, stream) = await mesh.StartAsync(s_full, "a");
        await stream.ExchangeAsync(s_full, "1", "n1", Note.Any(s_full, "a=x"));
        var foreign = mesh.Watch(s_full, "xdstp://partner/test.Full/b");
        Assert.Equal(["a", "xdstp://partner/test.Full/b"], (await stream.NextAsync()).ResourceNames);
        await stream.ExchangeAsync(s_full, "2", "n2", Note.Any(s_full, "a=x"), Note.Any(s_full, "xdstp://partner/test.Full/b=by us"));
        Assert.Equal("by us", await foreign.NextAsync());

        await _partners.AcceptAsync();
        _partners.Refuse = null;
        await mesh.Time.WhenArmedAsync(1);
        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        var partners = await _partners.AcceptAsync();
        await partners.NextAsync();
        await partners.ExchangeAsync(s_full, "1", "m1", Note.Any(s_full, "xdstp://partner/test.Full/b=by them"));

        Assert.Equal("by them", await foreign.NextAsync());
        Assert.Equal(["a"], (await stream.NextAsync()).ResourceNames);
        Assert.Equal("x", await plain.NextAsync());
        Assert.True(plain.IsQuiet);
    }
}
