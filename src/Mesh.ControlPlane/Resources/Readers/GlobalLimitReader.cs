using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>RateLimitPolicy.global.</summary>
internal static class GlobalLimitReader
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMilliseconds(20);

    private static readonly EnumNames<bool> FailureMode = new(("Open", false), ("Closed", true));

    public static GlobalLimit? Read(YamlObject item)
    {
        item.ReportIfMissing("port");
        var domain = item.RequiredString("domain");
        var service = item.RequiredHost("service");
        if (service?.Contains('*', StringComparison.Ordinal) == true)
        {
            item.Problems.Error(item.PositionOf("service"), ProblemCodes.InvalidValue, $"{item.PathOf("service")} is one host, no wildcard");
        }

        var port = item.Port("port");
        var timeout = item.Duration("timeout") ?? DefaultTimeout;
        var failsClosed = item.Enum("failureMode", FailureMode, false);
        var descriptors = item.Objects("descriptors").Select(Descriptor).ToEquatableArray();
        if (descriptors.Count == 0)
        {
            item.Problems.Error(item.PositionOf("descriptors"), ProblemCodes.Missing, $"{item.PathOf("descriptors")} is missing: it says what the service is asked");
        }

        item.Close(KnownFields.None);
        return domain is null || service is null || port is null
            ? null
            : new GlobalLimit(domain, service, port.Value, timeout, failsClosed, descriptors);
    }

    private static GlobalDescriptor Descriptor(YamlObject item)
    {
        var match = LimitMatchReader.Read(item);
        var entries = LimitKeyReader.Entries(item, "entries");
        var hits = item.Int("hits", 1, 1_000_000) ?? 1;
        item.Close(KnownFields.None);
        return new GlobalDescriptor(match, entries, hits);
    }
}
