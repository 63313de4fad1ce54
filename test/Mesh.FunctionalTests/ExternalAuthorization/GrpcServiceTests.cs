using System.Net;
using Envoy.Service.Auth.V3;
using Google.Protobuf;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.ExternalAuthorization;

/// <summary>What a service that is asked over gRPC sees of a request, and what becomes of its answer, or of none.</summary>
public sealed class GrpcServiceTests
{
    private const string Url = "http://reviews:9080/";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bodies_are_shown_as_text_or_as_bytes(bool asBytes)
    {
        AttributeContext.Types.HttpRequest? seen = null;
        await using var service = await Authorizer.OverGrpcAsync(check =>
        {
            seen = check.Attributes.Request.Http;
            return Authorizer.Allow();
        });
        await using var mesh = await StartAsync(
            service.Config("sample", $"timeout: 10s, includeRequestBodyInCheck: {{ maxRequestBytes: 4, allowPartialMessage: true, packAsBytes: {(asBytes ? "true" : "false")} }}"));
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);

        // Not UTF-8 in its fourth byte, and one more than is shown.
        byte[] body = [(byte)'a', (byte)'b', (byte)'c', 0xFF, (byte)'e'];
        using (var answer = await client.Http.PostAsync(new Uri(Url), new ByteArrayContent(body)))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal((asBytes ? "" : "abc\uFFFD", asBytes ? ByteString.CopyFrom(body, 0, 4) : ByteString.Empty), (seen!.Body, seen.RawBody));
        Assert.Equal(("true", 5), (seen.Headers["x-envoy-auth-partial-body"], seen.Size));
    }

    [Fact]
    public async Task Each_of_several_providers_is_asked_and_one_no_is_enough()
    {
        var (first, second) = (0, 0);
        await using var one = await Authorizer.OverGrpcAsync(check =>
        {
            Interlocked.Increment(ref first);
            return Answer(check, "x-first");
        });
        await using var other = await Authorizer.OverHttpAsync(context =>
        {
            Interlocked.Increment(ref second);
            context.Response.StatusCode = context.Request.Headers["x-second"] == "yes" ? 200 : 403;
            return Task.CompletedTask;
        });
        await using var mesh = await StartAsync(one.Config("one"), other.Config("two", "timeout: 10s, includeRequestHeadersInCheck: [ x-second ]", "envoyExtAuthzHttp"));
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true, ("x-first", "yes"), ("x-second", "yes"));
        Assert.True(first > 0 && second > 0);

        using var withoutSecond = await client.GetAsync(Url, ("x-first", "yes"));
        using var withoutFirst = await client.GetAsync(Url, ("x-second", "yes"));

        Assert.Equal((403, 403), ((int)withoutSecond.StatusCode, (int)withoutFirst.StatusCode));

        static CheckResponse Answer(CheckRequest check, string header) =>
            check.Attributes.Request.Http.Headers.ContainsKey(header) ? Authorizer.Allow() : Authorizer.Deny("no");
    }

    [Fact]
    public async Task Grpc_calls_get_the_headers_of_an_answer_and_a_status_for_a_refusal()
    {
        await using var service = await Authorizer.OverGrpcAsync(check =>
            check.Attributes.Request.Http.Path.EndsWith("/Unary", StringComparison.Ordinal) ? Authorizer.Allow(("x-quota", "7")) : Authorizer.Deny("not this one"));
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("greeter").Replace("name: http,", "name: grpc,", StringComparison.Ordinal)),
            ("mesh.yaml", Authorizer.MeshConfig(service.Config("sample"))),
            ("policy.yaml", Authorizer.Policy("greeter", "sample")));
        await mesh.StartWorkloadAsync("greeter", map: new Greeter().Map);
        var client = await mesh.StartClientAsync();
        using var grpc = new MeshGrpc(client.Mesh);

        HttpResponseMessage? allowed = null;
        await Poll.UntilAsync(
            async () =>
            {
                allowed?.Dispose();
                allowed = await grpc.SendAsync(MeshGrpc.Unary, MeshGrpc.Message("hello"));
                return allowed.Headers.Contains("x-quota");
            },
            () => $"the answer is {allowed}");
        Assert.Equal("7", Assert.Single(allowed!.Headers.GetValues("x-quota")));
        allowed.Dispose();

        var refused = await Assert.ThrowsAsync<GrpcException>(() => grpc.CallAsync(MeshGrpc.Status, MeshGrpc.Message("0")));
        Assert.Equal(GrpcStatusCode.PermissionDenied, refused.Status);
    }

    [Theory]
    [InlineData("failOpen: false", 403)]
    [InlineData("failOpen: false, statusOnError: '503'", 503)]
    [InlineData("failOpen: true", 200)]
    public async Task Without_an_answer_in_time_the_provider_says_what_happens(string fields, int status)
    {
        var isSilent = false;
        await using var service = await Authorizer.OverGrpcAsync(async (_, stop) =>
        {
            if (Volatile.Read(ref isSilent))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return Authorizer.Deny("it answers");
        });
        await using var mesh = await StartAsync(service.Config("sample", $"timeout: 1s, {fields}"));
        var client = await mesh.StartClientAsync();
        using (var answered = await client.UntilAsync(Url, 403))
        {
            await Poll.UntilAsync(async () => await Text(client) == "it answers", () => "the service does not decide");
        }

        Volatile.Write(ref isSilent, true);
        using var silent = await client.GetAsync(Url);
        Assert.Equal(status, (int)silent.StatusCode);

        // And when nobody is there at all.
        await service.DisposeAsync();
        using var gone = await client.GetAsync(Url);
        Assert.Equal(status, (int)gone.StatusCode);
    }

    private static async Task<string> Text(MeshClient client)
    {
        using var answer = await client.GetAsync(Url);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<MeshEnvironment> StartAsync(params (string Provider, string Entry)[] providers)
    {
        var names = providers.Select(p => p.Provider.Split("- name: ")[1].Split('\n')[0].Trim());
        var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("reviews")),
            ("mesh.yaml", Authorizer.MeshConfig(providers)),
            ("policy.yaml", string.Join("\n---\n", names.Select(n => Authorizer.Policy("reviews", n)))));
        await mesh.StartWorkloadAsync("reviews");
        return mesh;
    }
}
