using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Interop.Tests.Fixture;

namespace ProxylessMesh.Interop.Tests;

/// <summary>What of VirtualService and DestinationRule gRPC's C-core does, told by our control plane.</summary>
[Collection(PlainMesh.Collection)]
public sealed class RoutingTests(PlainMesh mesh) : IDisposable
{
    private readonly int _refusals = PythonGrpc.SkipReason is null ? mesh.Refusals.Count() : 0;

    [PythonFact]
    public async Task Calls_go_to_all_endpoints_of_a_service()
    {
        var target = await mesh.AddHostAsync("endpoints");

        await mesh.Client.UntilAllAnswerAsync(target, "v1", "v2");
    }

    [PythonFact]
    public async Task Calls_are_split_by_weights_whatever_they_add_up_to()
    {
        var target = await mesh.AddHostAsync(
            "weights", http: "{ route: [ { destination: { host: weights, subset: v1 }, weight: 9 }, { destination: { host: weights, subset: v2 }, weight: 3 } ] }");

        var answers = await mesh.Client.CallManyAsync(200, target);

        Assert.All(answers, answer => Assert.Null(answer.Status));
        Assert.InRange(answers.Count(a => a.Name == "v1"), 110, 190);
    }

    [PythonTheory]
    [InlineData("exact: canary")]
    [InlineData("prefix: can")]
    [InlineData("regex: 'c.*y'")]
    public async Task A_header_chooses_the_subset(string match)
    {
        var host = $"headers-{match.Split(':')[0]}";
        var target = await mesh.AddHostAsync(
            host,
            http:
            [
                $"{{ match: [ {{ headers: {{ release: {{ {match} }} }} }} ], route: [ {{ destination: {{ host: {host}, subset: v2 }} }} ] }}",
                $"{{ route: [ {{ destination: {{ host: {host}, subset: v1 }} }} ] }}",
            ]);

        Assert.All(await mesh.Client.CallManyAsync(5, target, metadata: ("release", "canary")), a => Assert.Equal("v2", a.Name));
        Assert.All(await mesh.Client.CallManyAsync(5, target), a => Assert.Equal("v1", a.Name));
    }

    [PythonFact]
    public async Task A_method_chooses_the_subset()
    {
        var target = await mesh.AddHostAsync(
            "methods",
            http:
            [
                "{ match: [ { uri: { exact: /test.Greeter/New } } ], route: [ { destination: { host: methods, subset: v2 } } ] }",
                "{ match: [ { uri: { prefix: /test.Greeter/ } } ], route: [ { destination: { host: methods, subset: v1 } } ] }",
            ]);

        Assert.Equal("v2", (await mesh.Client.CallAsync(target, "New")).Name);
        Assert.Equal("v1", (await mesh.Client.CallAsync(target, "Old")).Name);
    }

    [PythonTheory]
    [InlineData("grpcStatus: DATA_LOSS", "DATA_LOSS")]
    [InlineData("httpStatus: 503", "UNAVAILABLE")]
    public async Task A_fault_aborts_calls(string abort, string status)
    {
        var host = $"aborts-{status.ToLowerInvariant().Replace('_', '-')}";
        var target = await mesh.AddHostAsync(host, http: $"{{ fault: {{ abort: {{ {abort}, percentage: {{ value: 100 }} }} }}, route: [ {{ destination: {{ host: {host} }} }} ] }}");

        Assert.Equal(status, (await mesh.Client.CallAsync(target)).Status);
    }

    [PythonFact]
    public async Task A_fault_delays_calls_beyond_the_route_s_timeout()
    {
        var target = await mesh.AddHostAsync(
            "delays", http: "{ timeout: 0.2s, fault: { delay: { fixedDelay: 60s, percentage: { value: 100 } } }, route: [ { destination: { host: delays } } ] }");

        Assert.Equal("DEADLINE_EXCEEDED", (await mesh.Client.CallAsync(target)).Status);
    }

    [PythonFact]
    public async Task A_failed_call_is_tried_again()
    {
        var target = await mesh.AddHostAsync("retries", http: "{ retries: { attempts: 3, retryOn: unavailable, backoff: 1ms }, route: [ { destination: { host: retries, subset: v1 } } ] }");

        var answer = await mesh.Client.CallAsync(target, "Fail", "2");

        Assert.Equal(("v1", "3"), (answer.Name, answer.Message));
    }

    [PythonFact]
    public async Task A_failure_that_the_policy_does_not_name_is_not_tried_again()
    {
        var target = await mesh.AddHostAsync("refusals", http: "{ retries: { attempts: 3, retryOn: unavailable }, route: [ { destination: { host: refusals } } ] }");

        Assert.Equal("RESOURCE_EXHAUSTED", (await mesh.Client.CallAsync(target, "Refuse")).Status);
    }

    [PythonFact]
    public async Task What_gRPC_does_not_know_fails_for_the_calls_it_is_for()
    {
        var target = await mesh.AddHostAsync(
            "foreign",
            http:
            [
                "{ match: [ { uri: { exact: /test.Greeter/Moved } } ], redirect: { uri: /elsewhere } }",
                "{ match: [ { uri: { exact: /test.Greeter/Gone } } ], directResponse: { status: 404 } }",
                "{ mirror: { host: foreign, subset: v2 }, headers: { request: { set: { x: y } } }, route: [ { destination: { host: foreign, subset: v1 } } ] }",
            ]);

        Assert.Equal("UNAVAILABLE", (await mesh.Client.CallAsync(target, "Moved")).Status);
        Assert.Equal("UNAVAILABLE", (await mesh.Client.CallAsync(target, "Gone")).Status);
        Assert.Equal("v1", (await mesh.Client.CallAsync(target)).Name);
    }

    [PythonTheory]
    [InlineData("LEAST_REQUEST")]
    [InlineData("RANDOM")]
    [InlineData("PASSTHROUGH")]
    public async Task A_policy_that_Ccore_does_not_know_becomes_one_that_it_knows(string simple)
    {
        var target = await mesh.AddHostAsync($"policy-{simple.ToLowerInvariant().Replace('_', '-')}", $"{{ loadBalancer: {{ simple: {simple} }} }}");

        await mesh.Client.UntilAllAnswerAsync(target, "v1", "v2");
    }

    /// <summary>
    /// It takes the ring and its endpoints. To call through it is more than release 1.51 can: its picker casts to a wrong type and
    /// the process ends by SIGSEGV, whatever the control plane (grpc/grpc issue 31766, repaired in 1.52).
    /// </summary>
    [PythonFact]
    public async Task A_ring_hash_is_accepted()
    {
        var target = await mesh.AddHostAsync(
            "ring",
            "{ loadBalancer: { consistentHash: { httpHeaderName: x-user, ringHash: { minimumRingSize: 512 } } } }",
            "{ fault: { abort: { grpcStatus: ABORTED, percentage: { value: 100 } } }, route: [ { destination: { host: ring } } ] }");

        // The route ends calls before they would need an endpoint.
        await using var client = mesh.StartClient();
        Assert.Equal("ABORTED", (await client.CallAsync(target)).Status);
        await Poll.UntilAsync(
            () => mesh.Mesh.Plane.Ads.Clients.Any(c => c.Types.Any(t => t.TypeUrl.EndsWith("Cluster", StringComparison.Ordinal) && t.AckedVersion == t.SentVersion)),
            "the cluster was not accepted");
    }

    public void Dispose()
    {
        if (PythonGrpc.SkipReason is null)
        {
            Assert.Empty(mesh.Refusals.Skip(_refusals));
        }
    }
}
