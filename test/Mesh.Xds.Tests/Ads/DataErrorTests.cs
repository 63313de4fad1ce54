using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>Rule 17 (gRFC A88) as a table: every data error, with and without a cached value, for servers of every kind, in both variants.</summary>
public sealed class DataErrorTests
{
    private static readonly XdsServerFeatures s_fail = new(FailOnDataErrors: true, ResourceTimerIsTransientError: false);
    private static readonly XdsServerFeatures s_drop = XdsServerFeatures.None with { DropDeleted = true };

    // What happens | nothing cached | cached | with fail_on_data_errors | where deletions are people's
    public static TheoryData<string, string, string, string, string> Rows => new()
    {
        { "invalid", "missing Invalid", "ambient Invalid", "missing Invalid", "ambient Invalid" },
        { "deleted", "", "ambient DoesNotExist", "missing DoesNotExist", "missing DoesNotExist" },
        { "5", "missing DoesNotExist", "ambient DoesNotExist", "missing DoesNotExist", "missing DoesNotExist" },
        { "7", "missing Invalid", "ambient Invalid", "missing Invalid", "ambient Invalid" },
        { "14", "missing Unreachable", "ambient Unreachable", "ambient Unreachable", "ambient Unreachable" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Rule17_state_of_the_world(string error, string uncached, string cached, string failing, string dropping)
    {
        Assert.Equal(uncached, await SotwAsync(XdsServerFeatures.None, error, isCached: false));
        Assert.Equal(cached, await SotwAsync(XdsServerFeatures.None, error, isCached: true));
        Assert.Equal(failing, await SotwAsync(s_fail, error, isCached: true));
        Assert.Equal(dropping, await SotwAsync(s_drop, error, isCached: true));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Rule17_delta(string error, string uncached, string cached, string failing, string dropping)
    {
        // A server says at once of a name that there is none; in state of the world absence could be older than the request.
        Assert.Equal(error == "deleted" ? "missing DoesNotExist" : uncached, await DeltaAsync(XdsServerFeatures.None, error, isCached: false));
        Assert.Equal(cached, await DeltaAsync(XdsServerFeatures.None, error, isCached: true));
        Assert.Equal(failing, await DeltaAsync(s_fail, error, isCached: true));
        Assert.Equal(dropping, await DeltaAsync(s_drop, error, isCached: true));
    }

    [Theory]
    [InlineData(false, 15, "missing NotAnswered", ResourceStatus.DoesNotExist)]
    [InlineData(true, 30, "missing Unreachable", ResourceStatus.Timeout)]
    public async Task Rule11_17_silence_in_delta(bool isTransient, int seconds, string expected, object status)
    {
        await using var mesh = new AdsFixture(new XdsServerFeatures(false, isTransient), variant: AdsVariant.Delta);
        var (watcher, _) = await mesh.StartDeltaAsync(Note.Full, "a");
        await mesh.Time.WhenArmedAsync(1);
        mesh.Time.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        await mesh.SettleAsync();
        Assert.True(watcher.IsQuiet);

        mesh.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(expected, await watcher.NextAsync());
        Assert.Equal(status, (await mesh.ResourceAsync("a")).Status);
    }

    private static async Task<string> SotwAsync(XdsServerFeatures features, string error, bool isCached)
    {
        await using var mesh = new AdsFixture(features);
        var (watcher, stream) = await mesh.StartAsync(Note.Full, "a");
        if (isCached)
        {
            await stream.ExchangeAsync(Note.Full, "1", "n1", Note.Any(Note.Full, "a=x"));
            Assert.Equal("x", await watcher.NextAsync());
        }

        var response = new DiscoveryResponse { TypeUrl = Note.Full.TypeUrl, VersionInfo = "2", Nonce = "n2" };
        response.Resources.Add(error == "invalid" ? [Note.Any(Note.Full, "a=!bad")] : Array.Empty<Any>());
        response.ResourceErrors.Add(Errors(error));
        stream.Send(response);
        await stream.NextAsync();
        await mesh.SettleAsync();
        return watcher.IsQuiet ? "" : await watcher.NextAsync();
    }

    private static async Task<string> DeltaAsync(XdsServerFeatures features, string error, bool isCached)
    {
        await using var mesh = new AdsFixture(features, variant: AdsVariant.Delta);
        var (watcher, stream) = await mesh.StartDeltaAsync(Note.Full, "a");
        if (isCached)
        {
            await stream.ExchangeAsync(Note.Full, "n1", "", "a@1=x");
            Assert.Equal("x", await watcher.NextAsync());
        }

        var response = new DeltaDiscoveryResponse { TypeUrl = Note.Full.TypeUrl, Nonce = "n2" };
        response.Resources.Add(error == "invalid" ? [new Resource { Name = "a", Version = "2", Resource_ = Note.Any(Note.Full, "a=!bad") }] : Array.Empty<Resource>());
        response.RemovedResources.Add(error == "deleted" ? ["a"] : Array.Empty<string>());
        response.ResourceErrors.Add(Errors(error));
        stream.Send(response);
        await stream.NextAsync();
        await mesh.SettleAsync();
        return watcher.IsQuiet ? "" : await watcher.NextAsync();
    }

    private static Envoy.Service.Discovery.V3.ResourceError[] Errors(string error) => int.TryParse(error, out var code)
        ? [new() { ResourceName = new() { Name = "a" }, ErrorDetail = new() { Code = code, Message = "says the server" } }]
        : [];
}
