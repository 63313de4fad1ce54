namespace ProxylessMesh.ControlPlane.Chaos;

/// <summary>One service in one round.</summary>
/// <param name="Pick">What was done.</param>
/// <param name="Began">When.</param>
/// <param name="Ended">When the file was removed; or, when only planned, will be.</param>
/// <param name="Outcome">How it ended, in a few words.</param>
internal sealed record ChaosRecord(ChaosPick Pick, DateTimeOffset Began, DateTimeOffset Ended, string Outcome);
