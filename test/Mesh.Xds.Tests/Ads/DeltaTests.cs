using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>The rules as they are on a delta stream.</summary>
public sealed class DeltaTests
{
    [Fact]
    public async Task Rule01_22_the_first_request_has_the_node_and_no_nonce()
    {
        await using var mesh = Start();
        mesh.Watch(Note.Full, "a");
        var stream = await mesh.Server.AcceptDeltaAsync();

        var first = await stream.NextAsync();
        var ack = await stream.ExchangeAsync(Note.Full, "n1", "", "a@1=x");

        Assert.Equal(AdsFixture.Node().Id, first.Node.Id);
        Assert.Equal((Note.Full.TypeUrl, ""), (first.TypeUrl, first.ResponseNonce));
        Assert.Equal(["a"], first.ResourceNamesSubscribe);
        Assert.Empty(first.InitialResourceVersions);
        Assert.Null(ack.Node);
        Assert.True(mesh.Client.FirstResponse.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Rule02_22_an_answer_names_its_nonce_and_nothing_else()
    {
        await using var mesh = Start();
        var (watcher, stream) = await mesh.StartDeltaAsync(Note.Full, "a");

        var ack = await stream.ExchangeAsync(Note.Full, "n1", "", "a@1=x");
        var nack = await stream.ExchangeAsync(Note.Full, "n2", "", "a@2=!bad port");

        Assert.Equal(("n1", null), (ack.ResponseNonce, ack.ErrorDetail));
        Assert.Equal(("n2", 3), (nack.ResponseNonce, nack.ErrorDetail.Code));
        Assert.Contains("bad port", nack.ErrorDetail.Message, StringComparison.Ordinal);
        Assert.All([ack, nack], r => Assert.Empty(r.ResourceNamesSubscribe.Concat(r.ResourceNamesUnsubscribe).Concat(r.InitialResourceVersions.Keys)));
        Assert.Equal(["x", "ambient Invalid"], [await watcher.NextAsync(), await watcher.NextAsync()]);
        Assert.Equal((ResourceStatus.Nacked, "1"), ((await mesh.ResourceAsync("a")).Status, (await mesh.ResourceAsync("a")).Version));
    }

    [Fact]
    public async Task Rule03_types_are_independent()
    {
        await using var mesh = Start();
        var (_, stream) = await mesh.StartDeltaAsync(Note.Full, "a");
        mesh.Watch(Note.Partial, "b");
        Assert.Equal(["b"], (await stream.NextAsync()).ResourceNamesSubscribe);
        Assert.NotNull((await stream.ExchangeAsync(Note.Full, "f1", "", "a@1=!no")).ErrorDetail);

        Assert.Null((await stream.ExchangeAsync(Note.Partial, "p1", "", "b@1=y")).ErrorDetail);
    }

    [Fact]
    public async Task Rule04_22_subscribing_names_only_what_is_new_without_a_nonce()
    {
        await using var mesh = Start();
        var (_, stream) = await mesh.StartDeltaAsync(Note.Full, "a");
        await stream.ExchangeAsync(Note.Full, "n1", "", "a@1=x");

        mesh.Watch(Note.Full, "b");
        var request = await stream.NextAsync();

        Assert.Equal(("", "b"), (request.ResponseNonce, Assert.Single(request.ResourceNamesSubscribe)));
        Assert.Empty(request.InitialResourceVersions);
    }

    [Fact]
    public async Task Rule05_23_unsubscribing_names_what_goes_and_watching_again_subscribes_again()
    {
        await using var mesh = Start();
        mesh.Watch(Note.Full, "a", out var subscription);
        var stream = await mesh.Server.AcceptDeltaAsync();
        await stream.NextAsync();
        await stream.ExchangeAsync(Note.Full, "n1", "", "a@1=x");

        subscription.Dispose();
        var gone = await stream.NextAsync();
        var watcher = mesh.Watch(Note.Full, "a");
        var again = await stream.NextAsync();

        Assert.Equal(["a"], gone.ResourceNamesUnsubscribe);
        Assert.Empty(gone.ResourceNamesSubscribe);
        Assert.Equal(["a"], again.ResourceNamesSubscribe);
        await stream.ExchangeAsync(Note.Full, "n2", "", "a@1=x");
        Assert.Equal("x", await watcher.NextAsync());
    }

    [Fact]
    public async Task Rule07_a_type_that_was_not_asked_for_gets_no_answer_and_a_resource_is_ignored()
    {
        await using var mesh = Start();
        var (watcher, stream) = await mesh.StartDeltaAsync(Note.Full, "a");

        stream.Send(new DeltaDiscoveryResponse { TypeUrl = "test/other", Nonce = "o1" });
        var ack = await stream.ExchangeAsync(Note.Full, "n1", "zz", "z@1=!bad", "y@1=good", "a@1=x");

        Assert.Equal(("n1", null), (ack.ResponseNonce, ack.ErrorDetail));
        Assert.Equal("x", await watcher.NextAsync());
    }

    [Fact]
    public async Task Rule08_the_name_outside_is_the_name_inside()
    {
        await using var mesh = Start();
        var (watcher, stream) = await mesh.StartDeltaAsync(Note.Full, "a");
        stream.Send(new DeltaDiscoveryResponse
        {
            TypeUrl = Note.Full.TypeUrl,
            Nonce = "n1",
            Resources = { new Resource { Name = "a", Version = "1", Resource_ = Note.Any(Note.Full, "other=x") } },
        });

        Assert.Contains("is called \"other\" inside", (await stream.NextAsync()).ErrorDetail.Message, StringComparison.Ordinal);
        Assert.Equal("missing Invalid", await watcher.NextAsync());
    }

    [Fact]
    public async Task Rule09_one_nack_lists_all_errors_and_valid_resources_are_used()
    {
        await using var mesh = Start();
        var (a, stream) = await mesh.StartDeltaAsync(Note.Partial, "a");
        var b = mesh.Watch(Note.Partial, "b");
        var c = mesh.Watch(Note.Partial, "c");
        await mesh.SettleAsync();
        stream.Send(new DeltaDiscoveryResponse
        {
            TypeUrl = Note.Partial.TypeUrl,
            Nonce = "n1",
            Resources =
            {
                new Resource { Name = "a", Resource_ = Note.Any(Note.Partial, "a=!first reason") },
                new Resource { Name = "b", Resource_ = Note.Any(Note.Partial, "b=good") },
                new Resource { Resource_ = Note.Any(Note.Full, "nameless") },
                new Resource { Name = "c", Resource_ = Note.Any(Note.Partial, "c=one") },
                new Resource { Name = "c", Resource_ = Note.Any(Note.Partial, "c=two") },
            },
        });
        var nack = await stream.NextAsync();
        while (nack.ErrorDetail is null)
        {
            nack = await stream.NextAsync();
        }

        Assert.Equal(["missing Invalid", "good", "missing Invalid"], [await a.NextAsync(), await b.NextAsync(), await c.NextAsync()]);
        Assert.Contains("first reason", nack.ErrorDetail.Message, StringComparison.Ordinal);
        Assert.Contains("resources[2]", nack.ErrorDetail.Message, StringComparison.Ordinal);
        Assert.Contains("more than once", nack.ErrorDetail.Message, StringComparison.Ordinal);
    }

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
    public async Task Rule13_answers_to_a_server_that_does_not_read_do_not_pile_up()
    {
        await using var mesh = Start();
        var (watcher, stream) = await mesh.StartDeltaAsync(Note.Partial, "a");
        var gate = new TaskCompletionSource();
        stream.Writable = gate.Task;
        for (var i = 0; i < 1000; i++)
        {
            stream.Send(Note.Partial, $"n{i}", "", $"a@{i}=x{i}");
        }

        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal($"x{i}", await watcher.NextAsync());
        }

        gate.SetResult();
        var answers = 1;
        while ((await stream.NextAsync()).ResponseNonce != "n999")
        {
            answers++;
        }

        Assert.InRange(answers, 1, 70);
    }

    [Fact]
    public async Task Rule14_25_a_new_stream_tells_what_is_known_and_subscribes_to_what_is_watched()
    {
        await using var mesh = Start();
        var (watcher, stream) = await mesh.StartDeltaAsync(Note.Full, "a");
        mesh.Watch(Note.Full, "never");
        mesh.Watch(Note.Full, "b", out var dropped);
        await mesh.SettleAsync();
        stream.Send(Note.Full, "n1", "never", "a@v1=x", "b@v2=y");
        while ((await stream.NextAsync()).ResponseNonce != "n1")
        {
        }

        dropped.Dispose();
        stream.End();
        await stream.ClosedByClient;
        await mesh.Time.WhenArmedAsync(1);
        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await mesh.Server.AcceptDeltaAsync();
        var first = await second.NextAsync();

        Assert.NotNull(first.Node);
        Assert.Equal("", first.ResponseNonce);
        Assert.Equal(["a", "never"], first.ResourceNamesSubscribe.Order());
        Assert.Equal(new KeyValuePair<string, string>("a", "v1"), Assert.Single(first.InitialResourceVersions));
        await second.ExchangeAsync(Note.Full, "m1", "a");
        Assert.Equal(["x", "ambient DoesNotExist"], [await watcher.NextAsync(), await watcher.NextAsync()]);
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

    [Fact]
    public async Task Rule26_after_a_refusal_the_version_in_force_is_the_one_told_to_the_next_stream()
    {
        await using var mesh = Start();
        var (_, stream) = await mesh.StartDeltaAsync(Note.Full, "a");
        await stream.ExchangeAsync(Note.Full, "n1", "", "a@good=x");
        await stream.ExchangeAsync(Note.Full, "n2", "", "a@bad=!no");

        mesh.Client.UpdateNode(AdsFixture.Node("[1]"));
        var first = await (await mesh.Server.AcceptDeltaAsync()).NextAsync();

        Assert.Equal(new KeyValuePair<string, string>("a", "good"), Assert.Single(first.InitialResourceVersions));
    }

    [Fact]
    public async Task A_server_without_delta_is_spoken_to_in_state_of_the_world_at_once_and_for_ever()
    {
        await using var mesh = new AdsFixture(variant: AdsVariant.Auto);
        mesh.Server.RefuseDelta = new GrpcException(GrpcStatusCode.Unimplemented, "no such method");
        var watcher = mesh.Watch(Note.Full, "a");
        await mesh.Server.AcceptDeltaAsync();

        var stream = await mesh.Server.AcceptAsync();
        Assert.NotNull((await stream.NextAsync()).Node);
        await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));
        Assert.Equal("x", await watcher.NextAsync());
        Assert.True(watcher.IsQuiet);
        Assert.Contains(mesh.Logs.Entries, e => e.Id.Id == 1110);

        mesh.Client.UpdateNode(AdsFixture.Node("[1]"));
        Assert.Equal("1", (await (await mesh.Server.AcceptAsync()).NextAsync()).VersionInfo);
    }

    [Theory]
    [InlineData(AdsVariant.Delta, GrpcStatusCode.Unimplemented)]
    [InlineData(AdsVariant.Auto, GrpcStatusCode.Unavailable)]
    internal async Task Nothing_else_makes_it_fall_back(AdsVariant variant, GrpcStatusCode status)
    {
        await using var mesh = new AdsFixture(variant: variant);
        mesh.Server.RefuseDelta = new GrpcException(status, "no");
        var watcher = mesh.Watch(Note.Full, "a");

        Assert.Equal("missing Unreachable", await watcher.NextAsync());
        await mesh.Server.AcceptDeltaAsync();
        await mesh.Time.WhenArmedAsync(1);
        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        await mesh.Server.AcceptDeltaAsync();
    }

    [Fact]
    public async Task Random_bytes_as_resources()
    {
        await using var mesh = Start();
        var (watcher, stream) = await mesh.StartDeltaAsync(Note.Full, "a");
        await stream.ExchangeAsync(Note.Full, "n1", "", "a@1=x");
        var random = new Random(20300101);
        var bytes = new byte[200];
        for (var i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            stream.Send(new DeltaDiscoveryResponse
            {
                TypeUrl = Note.Full.TypeUrl,
                Nonce = $"r{i}",
                Resources = { new Resource { Name = i % 3 == 0 ? "" : "b", Resource_ = new Any { TypeUrl = Note.Full.TypeUrl, Value = ByteString.CopyFrom(bytes, 0, random.Next(200)) } } },
            });
            Assert.Equal($"r{i}", (await stream.NextAsync()).ResponseNonce);
        }

        Assert.Equal("x", await watcher.NextAsync());
        Assert.True(watcher.IsQuiet);
    }

    private static AdsFixture Start(XdsServerFeatures? features = null) => new(features, variant: AdsVariant.Delta);
}
