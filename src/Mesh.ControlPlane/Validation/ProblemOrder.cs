namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>By place, so that a list of problems reads along the files and is the same every time.</summary>
internal sealed class ProblemOrder : IComparer<ConfigProblem>
{
    public static ProblemOrder Instance { get; } = new();

    public int Compare(ConfigProblem? x, ConfigProblem? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        ReadOnlySpan<int> differences =
        [
            string.CompareOrdinal(x.Position.File, y.Position.File),
            x.Position.Line.CompareTo(y.Position.Line),
            x.Position.Column.CompareTo(y.Position.Column),
            y.Severity.CompareTo(x.Severity),
            string.CompareOrdinal(x.Code, y.Code),
            string.CompareOrdinal(x.Text, y.Text),
        ];
        var first = differences.IndexOfAnyExcept(0);
        return first < 0 ? 0 : differences[first];
    }
}
