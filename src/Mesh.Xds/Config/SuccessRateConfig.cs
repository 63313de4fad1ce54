namespace ProxylessMesh.Xds.Config;

/// <summary>Ejects endpoints that succeed much more seldom than their fellows (outlier_detection.proto, success_rate_*).</summary>
/// <param name="MinimumHosts">So many endpoints need the volume, or nothing is judged.</param>
/// <param name="RequestVolume">Attempts in an interval that make an endpoint count.</param>
/// <param name="StdevFactor">Thousandths of a standard deviation below the mean.</param>
/// <param name="Enforcing">Percent of ejections that are carried out.</param>
internal sealed record SuccessRateConfig(int MinimumHosts, int RequestVolume, int StdevFactor, int Enforcing);
