using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Resources;

public class ChaosExperimentTests
{
    private const string Good = """hosts: [reviews], fault: {abort: {httpStatus: 503, percentage: {value: 10}}}, starts: "2030-01-01T00:00:00Z", expires: "2030-01-01T00:10:00Z" """;

    [Fact]
    public void IsRead()
    {
        var experiment = Reading.Good<ChaosExperiment>(Yaml(Good));

        Assert.Equal(["reviews"], experiment.Hosts);
        Assert.Equal(new HttpFault(null, new FaultAbort(503, null, 100_000)), experiment.Fault);
        Assert.Equal(TimeSpan.FromMinutes(10), experiment.Expires - experiment.Starts);
        Assert.Equal(
            [false, true, true, false],
            new[] { -1, 0, 599, 600 }.Select(second => experiment.IsActiveAt(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(second))));
    }

    [Theory]
    [InlineData("hosts: [reviews]", "hosts: []", "MESH1015", "spec.hosts is missing: it says which services are hit")]
    [InlineData("hosts: [reviews]", "hosts: ['*']", "MESH1016", "spec.hosts: \"*\" is a wildcard: name every service")]
    [InlineData("hosts: [reviews]", "hosts: ['*.default.svc.cluster.local']", "MESH1016", "is a wildcard")]
    [InlineData("00:10:00Z", "00:00:00Z", "MESH1016", "spec.expires must be after spec.starts, and at most 24 hours after it")]
    [InlineData("2030-01-01T00:10:00Z", "2030-01-02T00:00:01Z", "MESH1016", "spec.expires must be after spec.starts")]
    [InlineData("2030-01-01T00:10:00Z", "soon", "MESH1016", "spec.expires \"soon\" is not a time such as 2030-01-31T12:00:00Z")]
    [InlineData(", expires: \"2030-01-01T00:10:00Z\"", "", "MESH1015", "spec.expires is missing")]
    [InlineData("starts: \"2030-01-01T00:00:00Z\", ", "", "MESH1015", "spec.starts is missing")]
    [InlineData("fault: {abort: {httpStatus: 503, percentage: {value: 10}}}, ", "", "MESH1015", "spec.fault is missing")]
    [InlineData("hosts: [reviews]", "hosts: [reviews], forever: true", "MESH1011", "spec.forever is an unknown field")]
    public void WhatCannotBeMeantIsTold(string part, string replacement, string code, string expected)
    {
        var problem = Assert.Single(Reading.Problems(Yaml(Good.Replace(part, replacement, StringComparison.Ordinal))));

        Assert.Contains(code, problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    private static string Yaml(string spec) =>
        $"{{apiVersion: proxylessmesh.io/v1alpha1, kind: ChaosExperiment, metadata: {{name: test}}, spec: {{{spec}}}}}";
}
