using ProxylessMesh.ControlPlane.Tests.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Yaml;

/// <summary>Lists whose entries are compared with each other must not make a large file cost its square.</summary>
public class LongListTests
{
    [Theory]
    [InlineData("subsets", "{name: a}", "DestinationRule")]
    [InlineData("hosts", "a", "VirtualService")]
    [InlineData("endpoints", "{address: a}", "ServiceEntry")]
    public void A_list_of_a_hundred_thousand_entries_is_refused_as_a_whole(string field, string entry, string kind)
    {
        var entries = string.Join(", ", Enumerable.Repeat(entry, 100_000));

        var problems = Reading.Problems($"{{apiVersion: networking.istio.io/v1, kind: {kind}, metadata: {{name: long}}, spec: {{{field}: [{entries}]}}}}");

        Assert.Contains(problems, p => p.Contains($"spec.{field} has 100000 entries: at most 4096", StringComparison.Ordinal));
    }

    [Fact]
    public void A_hundred_thousand_unknown_fields_give_fifty_problems()
    {
        var fields = string.Join(", ", Enumerable.Range(0, 100_000).Select(i => $"field{i}: 1"));

        Assert.Equal(50, Reading.File($"{{apiVersion: v1, kind: Service, metadata: {{name: long}}, spec: {{{fields}}}}}").Objects.Single().Problems.Length);
    }
}
