using Envoy.Service.Discovery.V3;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>Rules 10, 11, 17, 18: when a resource is taken to be gone, and what that means.</summary>
public sealed class ExistenceTests
{
    [Fact]
    public async Task Rule10_17_a_full_state_resource_that_vanishes_is_kept_with_an_ambient_error()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));
        await stream.ExchangeAsync(Note.Full, "2", "n2");

        Assert.Equal("x", await watcher.NextAsync());
        Assert.Equal("ambient DoesNotExist", await watcher.NextAsync());
        var status = await mesh.ResourceAsync("a");
        Assert.Equal((ResourceStatus.DoesNotExist, true), (status.Status, status.HasValue));

        var late = mesh.Watch(Note.Full, "a");
        Assert.Equal("x", await late.NextAsync());
        Assert.Equal("ambient DoesNotExist", await late.NextAsync());
    }

    [Fact]
    public async Task Rule10_absence_from_a_partial_type_means_nothing()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Partial, "a");
        await stream.ExchangeAsync(Note.Partial, "1", "n1", Note.Any(Note.Partial, "a=x"));
        await stream.ExchangeAsync(Note.Partial, "2", "n2");

        Assert.Equal("x", await watcher.NextAsync());
        await mesh.SettleAsync();
        Assert.True(watcher.IsQuiet);
    }

    [Fact]
    public async Task Rule10_a_resource_never_received_is_not_deleted_by_absence()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "other=x"));

        await mesh.SettleAsync();
        Assert.True(watcher.IsQuiet);
        Assert.Equal(ResourceStatus.Requested, (await mesh.ResourceAsync("a")).Status);
    }

    [Fact]
    public async Task Rule11_silence_of_15_s_after_the_request_was_sent_means_that_it_does_not_exist()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Partial, "a");
        await mesh.Time.WhenArmedAsync(1);
        mesh.Time.Advance(TimeSpan.FromSeconds(14.9));
        await mesh.SettleAsync();
        Assert.True(watcher.IsQuiet);

        mesh.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("missing NotAnswered", await watcher.NextAsync());

        await stream.ExchangeAsync(Note.Partial, "1", "n1", Note.Any(Note.Partial, "a=x"));
        Assert.Equal("x", await watcher.NextAsync());
    }

    [Fact]
    public async Task Rule11_the_wait_does_not_begin_while_the_request_is_unsent()
    {
        await using var mesh = new AdsFixture();
        var (first, stream) = await mesh.StartAsync(Note.Partial, "a");
        await stream.ExchangeAsync(Note.Partial, "1", "n1", Note.Any(Note.Partial, "a=x"));
        Assert.Equal("x", await first.NextAsync());
        var gate = new TaskCompletionSource();
        stream.Writable = gate.Task;

        var watcher = mesh.Watch(Note.Partial, "b");
        await mesh.SettleAsync();
        mesh.Time.Advance(TimeSpan.FromMinutes(1));
        await mesh.SettleAsync();
        Assert.True(watcher.IsQuiet);

        gate.SetResult();
        Assert.Equal(["a", "b"], (await stream.NextAsync()).ResourceNames);
        await mesh.Time.WhenArmedAsync(1);
        mesh.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("missing NotAnswered", await watcher.NextAsync());
    }

    [Fact]
    public async Task Rule11_the_wait_ends_with_the_stream_and_begins_again_on_the_next_for_what_is_not_cached()
    {
        await using var mesh = new AdsFixture();
        var (cached, stream) = await mesh.StartAsync(Note.Partial, "a");
        await stream.ExchangeAsync(Note.Partial, "1", "n1", Note.Any(Note.Partial, "a=x"));
        var uncached = mesh.Watch(Note.Partial, "b");
        await stream.NextAsync();
        await mesh.Time.WhenArmedAsync(2);
        mesh.Time.Advance(TimeSpan.FromSeconds(14));
        stream.End();

        var second = await mesh.Server.AcceptAsync();
        await second.NextAsync();
        await mesh.Time.WhenArmedAsync(1);
        mesh.Time.Advance(TimeSpan.FromSeconds(14));
        await mesh.SettleAsync();
        Assert.True(uncached.IsQuiet);

        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("missing NotAnswered", await uncached.NextAsync());
        Assert.Equal("x", await cached.NextAsync());
        Assert.True(cached.IsQuiet);
    }

    [Fact]
    public async Task Rule11_a_server_whose_silence_is_transient_gets_30_s_and_is_unreachable_then()
    {
        await using var mesh = new AdsFixture(new XdsServerFeatures(false, ResourceTimerIsTransientError: true));
        var (watcher, _) = await mesh.StartAsync(Note.Partial, "a");
        await mesh.Time.WhenArmedAsync(1);
        mesh.Time.Advance(TimeSpan.FromSeconds(29));
        await mesh.SettleAsync();
        Assert.True(watcher.IsQuiet);

        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("missing Unreachable", await watcher.NextAsync());
        Assert.Equal(ResourceStatus.Timeout, (await mesh.ResourceAsync("a")).Status);
    }

    [Fact]
    public async Task Rule17_fail_on_data_errors_drops_what_turns_bad()
    {
        await using var mesh = new AdsFixture(new XdsServerFeatures(FailOnDataErrors: true, false));
        var (a, stream) = await mesh.StartAsync(Note.Full, "a");
        var b = mesh.Watch(Note.Full, "b");
        await stream.NextAsync();
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"), Note.Any(Note.Full, "b=y"));
        await stream.ExchangeAsync(Note.Full, "2", "n2", Note.Any(Note.Full, "a=!bad"));

        Assert.Equal(["x", "missing Invalid"], [await a.NextAsync(), await a.NextAsync()]);
        Assert.Equal(["y", "missing DoesNotExist"], [await b.NextAsync(), await b.NextAsync()]);
    }

    [Fact]
    public async Task Drop_deleted_drops_what_is_taken_back_and_keeps_what_turns_bad()
    {
        await using var mesh = new AdsFixture(XdsServerFeatures.None with { DropDeleted = true });
        var (a, stream) = await mesh.StartAsync(Note.Full, "a");
        var b = mesh.Watch(Note.Full, "b");
        await stream.NextAsync();
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"), Note.Any(Note.Full, "b=y"));
        await stream.ExchangeAsync(Note.Full, "2", "n2", Note.Any(Note.Full, "a=!bad"));

        Assert.Equal(["x", "ambient Invalid"], [await a.NextAsync(), await a.NextAsync()]);
        Assert.Equal(["y", "missing DoesNotExist"], [await b.NextAsync(), await b.NextAsync()]);
    }

    [Theory]
    [InlineData(5, "missing DoesNotExist")]
    [InlineData(7, "missing Invalid")]
    [InlineData(14, "missing Unreachable")]
    public async Task Rule18_a_resource_error_answers_at_once_and_ends_the_wait(int code, string expected)
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Partial, "a");
        await mesh.Time.WhenArmedAsync(1);
        stream.Send(Error("1", "n1", "a", code));
        Assert.Null((await stream.NextAsync()).ErrorDetail);

        Assert.Equal(expected, await watcher.NextAsync());
        mesh.Time.Advance(TimeSpan.FromMinutes(1));
        await mesh.SettleAsync();
        Assert.True(watcher.IsQuiet);

        // Remembered for who comes later.
        Assert.Equal(expected, await mesh.Watch(Note.Partial, "a").NextAsync());
    }

    [Fact]
    public async Task Rule18_a_resource_error_for_a_cached_value_is_ambient_and_cleared_by_an_equal_value()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Partial, "a");
        await stream.ExchangeAsync(Note.Partial, "1", "n1", Note.Any(Note.Partial, "a=x"));
        stream.Send(Error("2", "n2", "a", 5));
        await stream.NextAsync();
        await stream.ExchangeAsync(Note.Partial, "3", "n3", Note.Any(Note.Partial, "a=x"));

        Assert.Equal(["x", "ambient DoesNotExist", "x"], [await watcher.NextAsync(), await watcher.NextAsync(), await watcher.NextAsync()]);
    }

    [Fact]
    public async Task Rule18_a_name_in_resources_and_in_resource_errors_is_refused_but_used()
    {
        await using var mesh = new AdsFixture();
        var (watcher, stream) = await mesh.StartAsync(Note.Partial, "a");
        var response = Error("1", "n1", "a", 5);
        response.Resources.Add(Note.Any(Note.Partial, "a=x"));
        stream.Send(response);

        Assert.NotNull((await stream.NextAsync()).ErrorDetail);
        Assert.Equal("x", await watcher.NextAsync());
    }

    private static DiscoveryResponse Error(string version, string nonce, string name, int code) => new()
    {
        TypeUrl = Note.Partial.TypeUrl,
        VersionInfo = version,
        Nonce = nonce,
        ResourceErrors = { new Envoy.Service.Discovery.V3.ResourceError { ResourceName = new() { Name = name }, ErrorDetail = new() { Code = code, Message = "says the server" } } },
    };
}
