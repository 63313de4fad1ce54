using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>
/// Something wrong with the configuration, in the one form that every command and log uses:
/// <c>reviews.yaml:14:9 error MESH1007 VirtualService default/reviews: text</c>, and a hint on the next line.
/// </summary>
internal sealed record ConfigProblem(
    SourcePosition Position,
    ProblemSeverity Severity,
    string Code,
    ObjectId? Object,
    string Text,
    string? Hint = null)
{
    private string SeverityText => Severity switch
    {
        ProblemSeverity.Error => "error",
        ProblemSeverity.Warning => "warning",
        _ => "info",
    };

    public override string ToString()
    {
        var subject = Object is null ? "" : $"{Object}: ";
        var head = $"{Position} {SeverityText} {Code} {subject}{Text}";
        return Hint is null ? head : $"{head}{Environment.NewLine}    {Hint}";
    }
}
