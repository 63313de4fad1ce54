using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>Delta: what is there, what is gone and what is wrong with it.</summary>
public sealed class DeltaExistenceTests
{
    [Fact]
    public async Task Rule10_24_absence_means_nothing_and_removal_is_said_for_every_type()
    {
        await using var mesh = Start(XdsServerFeatures.None with { DropDeleted = true });
        var (full, stream) = await mesh.StartDeltaAsync(Note.Full, "a");
        var partial = mesh.Watch(Note.Partial, "p");
        await stream.NextAsync();
        await stream.ExchangeAsync(Note.Full, "n1", "", "a@1=x");
        await stream.ExchangeAsync(Note.Partial, "n2", "", "p@1=y");
        await stream.ExchangeAsync(Note.Full, "n3");
        Assert.Equal(["x", "y"], [await full.NextAsync(), await partial.NextAsync()]);
        Assert.True(full.IsQuiet);

        await stream.ExchangeAsync(Note.Full, "n4", "a");
        await stream.ExchangeAsync(Note.Partial, "n5", "p");

        Assert.Equal(["missing DoesNotExist", "missing DoesNotExist"], [await full.NextAsync(), await partial.NextAsync()]);
    }

    [Fact]
    public async Task Rule11_23_what_never_existed_is_said_at_once_and_silence_still_counts()
    {
        await using var mesh = Start();
        var (unknown, stream) = await mesh.StartDeltaAsync(Note.Partial, "a");
        await stream.ExchangeAsync(Note.Partial, "n1", "a");
        Assert.Equal("missing DoesNotExist", await unknown.NextAsync());

        var silent = mesh.Watch(Note.Partial, "b");
        await stream.NextAsync();
        await mesh.Time.WhenArmedAsync(2);
        mesh.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("missing NotAnswered", await silent.NextAsync());
    }

    [Fact]
    public async Task Rule12_the_same_value_wakes_nobody_and_ends_an_error()
    {
        await using var mesh = Start();
        var (watcher, stream) = await mesh.StartDeltaAsync(Note.Partial, "a");
        await stream.ExchangeAsync(Note.Partial, "n1", "", "a@1=x");
        await stream.ExchangeAsync(Note.Partial, "n2", "", "a@2=x");
        await stream.ExchangeAsync(Note.Partial, "n3", "", "a@3=!bad");
        await stream.ExchangeAsync(Note.Partial, "n4", "", "a@4=x");

        Assert.Equal(["x", "ambient Invalid", "x"], [await watcher.NextAsync(), await watcher.NextAsync(), await watcher.NextAsync()]);
        Assert.True(watcher.IsQuiet);
    }

    [Fact]
    public async Task Rule17_18_errors_of_resources_keep_what_is_cached_and_stand_nowhere_else()
    {
        await using var mesh = Start();
        var (watcher, stream) = await mesh.StartDeltaAsync(Note.Partial, "a");
        await stream.ExchangeAsync(Note.Partial, "n1", "", "a@1=x");
        stream.Send(new DeltaDiscoveryResponse
        {
            TypeUrl = Note.Partial.TypeUrl,
            Nonce = "n2",
            ResourceErrors = { new Envoy.Service.Discovery.V3.ResourceError { ResourceName = new() { Name = "a" }, ErrorDetail = new() { Code = 7, Message = "not yours" } } },
        });
        Assert.Null((await stream.NextAsync()).ErrorDetail);
        var both = await stream.ExchangeAsync(Note.Partial, "n3", "a", "a@2=y");

        Assert.Equal(["x", "ambient Invalid", "y"], [await watcher.NextAsync(), await watcher.NextAsync(), await watcher.NextAsync()]);
        Assert.Contains("removed_resources and elsewhere", both.ErrorDetail.Message, StringComparison.Ordinal);
        Assert.True(watcher.IsQuiet);
    }

    [Fact]
    public async Task Rule24_names_removed_in_the_newer_form_count_as_well_and_a_heartbeat_changes_nothing()
    {
        await using var mesh = Start();
        var (watcher, stream) = await mesh.StartDeltaAsync(Note.Partial, "a");
        await stream.ExchangeAsync(Note.Partial, "n1", "", "a@1=x");
        stream.Send(new DeltaDiscoveryResponse
        {
            TypeUrl = Note.Partial.TypeUrl, Nonce = "n2", Resources = { new Resource { Name = "a", Version = "1", Ttl = new Duration { Seconds = 5 } } },
        });
        Assert.Null((await stream.NextAsync()).ErrorDetail);
        stream.Send(new DeltaDiscoveryResponse { TypeUrl = Note.Partial.TypeUrl, Nonce = "n3", RemovedResourceNames = { new ResourceName { Name = "a" } } });
        await stream.NextAsync();

        Assert.Equal(["x", "ambient DoesNotExist"], [await watcher.NextAsync(), await watcher.NextAsync()]);
    }

    private static AdsFixture Start(XdsServerFeatures? features = null) => new(features, variant: AdsVariant.Delta);
}
