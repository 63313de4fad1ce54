using System.Globalization;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>
/// ChaosExperiment (proxylessmesh.io), our own kind. Both ends of its time are required and close together, so that no object can
/// mean "for ever", and whether it counts depends on the clock alone.
/// </summary>
internal static class ChaosExperimentReader
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static MeshObject? Read(ObjectMeta meta, YamlObject spec)
    {
        var hosts = Hosts(spec);
        var fault = spec.RequiredObject("fault") is { } item ? HttpFaultReader.Read(item) : null;
        var starts = Time(spec, "starts");
        var expires = Time(spec, "expires");
        if (starts is { } from && expires is { } to && (to <= from || to - from > Longest))
        {
            spec.Problems.Error(
                spec.PositionOf("expires"),
                ProblemCodes.InvalidValue,
                $"{spec.PathOf("expires")} must be after {spec.PathOf("starts")}, and at most {Longest.TotalHours} hours after it");
        }

        spec.Close(KnownFields.None);
        return fault is null || starts is null || expires is null ? null : new ChaosExperiment(meta, hosts, fault, starts.Value, expires.Value);
    }

    private static EquatableArray<string> Hosts(YamlObject spec)
    {
        var hosts = spec.Strings("hosts");
        if (hosts.Count == 0)
        {
            spec.Problems.Error(spec.PositionOf("hosts"), ProblemCodes.Missing, $"{spec.PathOf("hosts")} is missing: it says which services are hit");
        }

        // A wildcard would hit what is added later, which nobody has looked at.
        foreach (var host in hosts.Where(h => h.Contains('*', StringComparison.Ordinal)))
        {
            spec.Problems.Error(
                spec.PositionOf("hosts"), ProblemCodes.InvalidValue, $"{spec.PathOf("hosts")}: {Quoted.Of(host)} is a wildcard: name every service");
        }

        return hosts;
    }

    private static DateTimeOffset? Time(YamlObject spec, string name)
    {
        if (spec.RequiredString(name) is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }

        spec.Problems.Error(
            spec.PositionOf(name), ProblemCodes.InvalidValue, $"{spec.PathOf(name)} {Quoted.Of(text)} is not a time such as 2030-01-31T12:00:00Z");
        return null;
    }
}
