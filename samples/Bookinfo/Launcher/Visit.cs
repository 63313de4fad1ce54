namespace Bookinfo.Launcher;

/// <summary>What one visitor of productpage saw: who served whom, or what was missing.</summary>
internal sealed record Visit(string? Error, string Version, string Workload, string CalledBy, string? RatingsCalledBy)
{
    public bool Succeeded => Error is null;

    public static Visit Failed(string error) => new(error, "none", "none", "none", null);
}
