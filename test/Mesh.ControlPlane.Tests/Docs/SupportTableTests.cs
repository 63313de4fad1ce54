using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Tests.Resources;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Tests.Docs;

/// <summary>docs/support.md promises no more and no less than the readers do.</summary>
public class SupportTableTests
{
    private const string Policy = "trafficPolicy.";

    /// <summary>Where a traffic policy may stand: its rows hold for all of them.</summary>
    private static readonly string[] PolicyLevels =
        [Policy, $"{Policy}portLevelSettings[].", $"subsets[].{Policy}", $"subsets[].{Policy}portLevelSettings[]."];

    public static TheoryData<SupportRow> RowsOfReadKinds => [.. SupportPage.Rows.Where(r => SupportSamples.Knows(r))];

    /// <summary>By their first rows.</summary>
    public static TheoryData<SupportRow> RefusedKinds =>
        [.. SupportPage.Rows.Where(r => !SupportSamples.Knows(r)).DistinctBy(r => (r.ApiVersion, r.Kind))];

    [Theory]
    [MemberData(nameof(RowsOfReadKinds), DisableDiscoveryEnumeration = true)]
    public void A_field_has_the_state_that_the_page_gives_it(SupportRow row)
    {
        foreach (var path in PathsOf(row))
        {
            var sample = SupportSamples.For(row, path);
            var problems = Problems(sample.ToYaml());
            switch (row.State)
            {
                case "works" or "ignored":
                    Assert.DoesNotContain(problems, p => p.Severity != ProblemSeverity.Information);
                    break;
                case "warning":
                    var warning = Assert.Single(problems);
                    Assert.Equal((ProblemSeverity.Warning, ProblemCodes.NotAppliedField), (warning.Severity, warning.Code));
                    Assert.Contains(sample.NameOf(path), warning.Text, StringComparison.Ordinal);
                    break;
                case "refused" or "sidecar only":
                    var error = Assert.Single(problems);
                    Assert.Equal((ProblemSeverity.Error, ProblemCodes.UnsupportedField), (error.Severity, error.Code));
                    Assert.Contains(sample.NameOf(path), error.Text, StringComparison.Ordinal);
                    break;
                default:
                    Assert.Fail($"The page's legend has no state \"{row.State}\".");
                    break;
            }
        }
    }

    [Theory]
    [MemberData(nameof(RefusedKinds), DisableDiscoveryEnumeration = true)]
    public void A_kind_below_the_refused_ones_is_refused(SupportRow row)
    {
        var problem = Assert.Single(Problems(new SampleObject(row.ApiVersion, row.Kind, "{}").ToYaml()));

        Assert.Equal((ProblemSeverity.Error, ProblemCodes.UnsupportedKind), (problem.Severity, problem.Code));
    }

    [Fact]
    public void No_field_of_a_refused_kind_is_said_to_work() =>
        Assert.DoesNotContain(SupportPage.Rows, r => !SupportSamples.Knows(r) && r.State is not ("refused" or "sidecar only"));

    [Fact]
    public void The_page_names_every_kind_that_the_control_plane_knows_of_and_no_field_twice()
    {
        Assert.Equal(9 + 18, SupportPage.Rows.Select(r => (r.ApiVersion, r.Kind)).Distinct().Count());
        Assert.Equal(SupportPage.Rows.Count, SupportPage.Rows.DistinctBy(r => (r.ApiVersion, r.Kind, r.Field, r.Value)).Count());
    }

    private static IEnumerable<string> PathsOf(SupportRow row) =>
        row.Kind == "DestinationRule" && row.Field.StartsWith(Policy, StringComparison.Ordinal) && !row.Field.Contains("portLevelSettings", StringComparison.Ordinal)
            ? PolicyLevels.Select(level => level + row.Field[Policy.Length..])
            : [row.Field];

    private static ImmutableArray<ConfigProblem> Problems(string yaml)
    {
        var file = Reading.File(yaml);
        return [.. file.Problems, .. file.Objects.SelectMany(o => o.Problems)];
    }
}
