namespace ProxylessMesh.Xds.Config;

/// <summary>Ejects endpoints of whose attempts a given share fails (outlier_detection.proto, failure_percentage_*).</summary>
/// <param name="Threshold">Percent of failures from which on an endpoint goes.</param>
/// <param name="MinimumHosts">So many endpoints need the volume, or nothing is judged.</param>
/// <param name="RequestVolume">Attempts in an interval that make an endpoint count.</param>
/// <param name="Enforcing">Percent of ejections that are carried out.</param>
internal sealed record FailurePercentageConfig(int Threshold, int MinimumHosts, int RequestVolume, int Enforcing);
