using Bookinfo.Launcher;

namespace Bookinfo.Tour;

/// <summary>A step saw something else than it expected.</summary>
internal sealed class StepFailedException(string expected, string seen, params ChildProcess?[] involved) : Exception($"expected {expected}; saw {seen}")
{
    public string Expected => expected;

    public string Seen => seen;

    /// <summary>Whose logs may tell why.</summary>
    public IEnumerable<ChildProcess> Involved => involved.OfType<ChildProcess>();
}
