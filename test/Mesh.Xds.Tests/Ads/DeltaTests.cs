using Envoy.Service.Discovery.V3;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>The rules of requests and answers as they are on a delta stream.</summary>
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

    private static AdsFixture Start(XdsServerFeatures? features = null) => new(features, variant: AdsVariant.Delta);
}
