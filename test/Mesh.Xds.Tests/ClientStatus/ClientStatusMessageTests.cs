using System.Text;
using System.Text.Json;
using Envoy.Admin.V3;
using Envoy.Service.Discovery.V3;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.ClientStatus;
using ProxylessMesh.Xds.Tests.Ads;

namespace ProxylessMesh.Xds.Tests.ClientStatus;

/// <summary>gRFC A40: every state that a resource can be in.</summary>
public sealed class ClientStatusMessageTests
{
    [Fact]
    public async Task States_versions_errors_and_contents_of_the_accepted_and_of_the_refused_update()
    {
        await using var mesh = new AdsFixture([new ScriptedServer()], keepContents: true);
        var (_, stream) = await mesh.StartAsync(Note.Partial, "acked");
        foreach (var name in new[] { "refused", "never", "denied", "waiting" })
        {
            mesh.Watch(Note.Partial, name);
            await stream.NextAsync();
        }

        await stream.ExchangeAsync(Note.Partial, "1", "n1", Note.Any(Note.Partial, "acked=x"), Note.Any(Note.Partial, "refused=good"));
        mesh.Time.Advance(TimeSpan.FromSeconds(5));
        stream.Send(new DiscoveryResponse
        {
            TypeUrl = Note.Partial.TypeUrl,
            VersionInfo = "2",
            Nonce = "n2",
            Resources = { Note.Any(Note.Partial, "refused=!no such filter") },
            ResourceErrors = { Error("never", 5), Error("denied", 7) },
        });
        await stream.NextAsync();
        var status = await mesh.Client.GetStatusAsync();

        var config = ClientStatusMessage.Create(status, withContents: true).Config.Single();
        Assert.Equal(AdsFixture.Node().Id, config.Node.Id);
        var resources = config.GenericXdsConfigs.ToDictionary(r => r.Name);
        Assert.All(resources.Values, r => Assert.Equal(Note.Partial.TypeUrl, r.TypeUrl));
        Assert.Equal(
            [ClientResourceStatus.Acked, ClientResourceStatus.Nacked, ClientResourceStatus.DoesNotExist, ClientResourceStatus.ReceivedError, ClientResourceStatus.Requested],
            new[] { "acked", "refused", "never", "denied", "waiting" }.Select(n => resources[n].ClientStatus));

        Assert.Equal(("1", "acked=x"), (resources["acked"].VersionInfo, resources["acked"].XdsConfig.Value.ToStringUtf8()));
        Assert.Null(resources["acked"].ErrorState);
        var refused = resources["refused"];
        Assert.Equal(("1", "refused=good"), (refused.VersionInfo, refused.XdsConfig.Value.ToStringUtf8()));
        Assert.Equal(("2", "refused=!no such filter"), (refused.ErrorState.VersionInfo, refused.ErrorState.FailedConfiguration.Value.ToStringUtf8()));
        Assert.Contains("no such filter", refused.ErrorState.Details, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(5), refused.ErrorState.LastUpdateAttempt.ToDateTimeOffset() - refused.LastUpdated.ToDateTimeOffset());
        Assert.Contains("knows no", resources["never"].ErrorState.Details, StringComparison.Ordinal);
        Assert.Null(resources["waiting"].LastUpdated);

        // A good update ends the error.
        await stream.ExchangeAsync(Note.Partial, "3", "n3", Note.Any(Note.Partial, "refused=better"));
        var after = ClientStatusMessage.Create(await mesh.Client.GetStatusAsync(), withContents: false).Config.Single().GenericXdsConfigs.Single(r => r.Name == "refused");
        Assert.Equal((ClientResourceStatus.Acked, "3", null, null), (after.ClientStatus, after.VersionInfo, after.ErrorState, after.XdsConfig));
    }

    [Fact]
    public async Task Without_an_admin_endpoint_nothing_is_kept()
    {
        await using var mesh = new AdsFixture();
        var (_, stream) = await mesh.StartAsync(Note.Partial, "a");
        await stream.ExchangeAsync(Note.Partial, "1", "n1", Note.Any(Note.Partial, "a=x"));
        await stream.ExchangeAsync(Note.Partial, "2", "n2", Note.Any(Note.Partial, "a=!bad"));

        var resource = await mesh.ResourceAsync("a");

        Assert.Null(resource.Contents);
        Assert.Null(resource.Rejection!.Contents);
        Assert.Equal("2", resource.Rejection.Version);
    }

    [Fact]
    public async Task As_json()
    {
        await using var mesh = new AdsFixture();
        var (_, stream) = await mesh.StartAsync(Note.Partial, "a");
        await stream.ExchangeAsync(Note.Partial, "1", "n1", Note.Any(Note.Partial, "a=x"));
        await stream.ExchangeAsync(Note.Partial, "2", "n2", Note.Any(Note.Partial, "a=!\"bad\""));
        using var text = new MemoryStream();
        await using (var json = new Utf8JsonWriter(text))
        {
            ClientStatusJson.Write(json, await mesh.Client.GetStatusAsync());
        }

        Assert.Equal(
            """
            {"node":"sidecar~127.0.0.1~reviews-v1-0a1b2c3d.default~default.svc.cluster.local","servers":[{"name":"https://scripted:15012","connected":true,"used_for":["#old"]}],"types":[{"type":"PART","type_url":"test/partial","version":"1","resources":[{"name":"a","status":"NACKED","version":"1","in_force":true,"last_updated":"2030-01-01T00:00:00+00:00","error":"PART \u0022a\u0022: \u0022bad\u0022","rejected":{"version":"2","at":"2030-01-01T00:00:00+00:00","details":"PART \u0022a\u0022: \u0022bad\u0022"}}]}]}
            """,
            Encoding.UTF8.GetString(text.ToArray()));
    }

    private static Envoy.Service.Discovery.V3.ResourceError Error(string name, int code) =>
        new() { ResourceName = new() { Name = name }, ErrorDetail = new() { Code = code } };
}
