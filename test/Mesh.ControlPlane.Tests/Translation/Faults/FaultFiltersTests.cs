using Envoy.Extensions.Filters.Http.Fault.V3;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Tests.Resources;
using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Tests.Translation.Faults;

public class FaultFiltersTests
{
    [Theory]
    [InlineData("delay: {fixedDelay: 7s, percentage: {value: 0.1}}", """{ "delay": { "fixedDelay": "7s", "percentage": { "numerator": 1000, "denominator": "MILLION" } } }""")]
    [InlineData("delay: {fixedDelay: 7s, percent: 10}", """{ "delay": { "fixedDelay": "7s", "percentage": { "numerator": 100000, "denominator": "MILLION" } } }""")]
    [InlineData("delay: {fixedDelay: 7s, percent: 10, percentage: {value: 1}}", """{ "delay": { "fixedDelay": "7s", "percentage": { "numerator": 10000, "denominator": "MILLION" } } }""")]
    [InlineData("abort: {httpStatus: 500, percentage: {value: 100}}", """{ "abort": { "httpStatus": 500, "percentage": { "numerator": 1000000, "denominator": "MILLION" } } }""")]
    [InlineData("abort: {grpcStatus: UNAVAILABLE, percentage: {value: 100}}", """{ "abort": { "percentage": { "numerator": 1000000, "denominator": "MILLION" }, "grpcStatus": 14 } }""")]
    public void AFaultBecomesEnvoysFilterSettings(string fault, string expected)
    {
        var service = Reading.Good<VirtualService>(Yaml(fault));
        foreach (var profile in new[] { ProxyProfile.Mesh, ProxyProfile.Grpc })
        {
            var routes = Translate.Routes(Mesh.Of(Mesh.Service("reviews"), service), Mesh.Client(profile: profile), "outbound|9080||reviews.default.svc.cluster.local");
            var settings = Assert.Single(routes!.VirtualHosts[0].Routes[0].TypedPerFilterConfig);

            Assert.Equal("envoy.filters.http.fault", settings.Key);
            Assert.Equal(expected, settings.Value.Unpack<HTTPFault>().ToString());
        }
    }

    [Fact]
    public void AFieldThatSlippedOutOfItsObjectIsSentBack()
    {
        var problems = Reading.Problems(Yaml("delay: {percentage: {value: 100.0}}, fixedDelay: 10s"));

        Assert.Contains(problems, p => p.Contains("spec.http[0].fault.fixedDelay is an unknown field", StringComparison.Ordinal)
            && p.EndsWith("it belongs to spec.http[0].fault.delay: indent it", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{}", "spec.http[0].fault must have a delay, an abort or both")]
    [InlineData("delay: {percentage: {value: 1}}", "spec.http[0].fault.delay.fixedDelay is missing")]
    [InlineData("delay: {fixedDelay: 1s, percent: 101}", "spec.http[0].fault.delay.percent 101 is out of range")]
    [InlineData("delay: {fixedDelay: 1s, percentage: {value: 100.1}}", "spec.http[0].fault.delay.percentage.value 100.1 is out of range: between 0 and 100")]
    [InlineData("delay: {fixedDelay: 1s, percentage: {value: .nan}}", "spec.http[0].fault.delay.percentage.value .nan is out of range")]
    [InlineData("delay: {fixedDelay: 1s, percentage: {value: half}}", "spec.http[0].fault.delay.percentage.value must be a number between 0 and 100")]
    [InlineData("delay: {fixedDelay: 1s}", "spec.http[0].fault.delay has no percentage: it never happens")]
    [InlineData("delay: {fixedDelay: 0s, percent: 1}", "spec.http[0].fault.delay.fixedDelay \"0s\" is too short")]
    [InlineData("abort: {percentage: {value: 1}}", "spec.http[0].fault.abort.httpStatus is missing")]
    [InlineData("abort: {httpStatus: 199, percentage: {value: 1}}", "spec.http[0].fault.abort.httpStatus 199 is out of range")]
    [InlineData("abort: {httpStatus: 500, grpcStatus: OK, percentage: {value: 1}}", "spec.http[0].fault.abort: httpStatus and grpcStatus exclude each other")]
    [InlineData("abort: {grpcStatus: UNAVAILABL, percentage: {value: 1}}", "\"UNAVAILABL\" is no gRPC status")]
    public void WhatCannotBeMeantIsTold(string fault, string expected) =>
        Assert.Contains(expected, Assert.Single(Reading.Problems(Yaml(fault))), StringComparison.Ordinal);

    private static string Yaml(string fault) => $$$"""
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: reviews}
        spec:
          hosts: [reviews]
          http:
          - fault: {{{(fault == "{}" ? fault : "{" + fault + "}")}}}
            route: [{destination: {host: reviews}}]
        """;
}
