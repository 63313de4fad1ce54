using System.Net;
using ProxylessMesh.ControlPlane.Agent.Health;
using ProxylessMesh.ControlPlane.Resources.Readers;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Agent;

/// <summary>The agent's file: what the command line says, as YAML. A mistake has its place and code, as in the mesh's configuration.</summary>
internal static class AgentFileReader
{
    /// <param name="file">For positions.</param>
    /// <param name="text">Content.</param>
    /// <param name="problems">Empty: the settings count.</param>
    public static AgentSettings Read(string file, string text, out IReadOnlyList<ConfigProblem> problems)
    {
        var yaml = YamlReader.Read(file, text, new YamlLimits());
        if (yaml.Failure is { } failure)
        {
            problems = [failure with { Hint = null }];
            return new AgentSettings();
        }

        if (yaml.Documents is not [{ Root: YamlMapping map } document])
        {
            problems = [new ConfigProblem(new(file, 1, 1), ProblemSeverity.Error, ProblemCodes.NotAnObject, null, "the agent's file is one map")];
            return new AgentSettings();
        }

        var found = new ProblemList();
        var settings = Read(new YamlObject(map, "", found));
        problems = [.. document.Problems, .. found.ToImmutable()];
        return settings;
    }

    private static AgentSettings Read(YamlObject root)
    {
        var settings = new AgentSettings
        {
            ControlPlane = Address(root),
            RootCertificateFile = root.String("rootCertificate"),
            TokenFile = root.String("token"),
            StateDirectory = root.String("state"),
            DrainDelay = root.Duration("drain", orZero: true),
            StopTimeout = root.Duration("stopTimeout"),
            Command = root.Strings("command"),
        };
        settings = root.Object("workload") is { } workload ? ReadWorkload(settings, workload) : settings;
        settings = root.Object("health") is { } health ? ReadHealth(settings, health) : settings;
        root.Close(KnownFields.None);
        return settings;
    }

    private static AgentSettings ReadWorkload(AgentSettings settings, YamlObject item)
    {
        var result = settings with
        {
            Name = item.String("name"),
            Namespace = item.String("namespace"),
            ServiceAccount = item.String("serviceAccount"),
            Address = item.String("address"),
            Labels = item.Labels("labels"),
            Ports = Ports(item),
            Locality = item.String("locality") is { } locality ? AgentText.Locality(locality) : null,
            MutualTls = item.Bool("mutualTls"),
        };
        if (result.Address is { } address && !IPAddress.TryParse(address, out _))
        {
            item.Problems.Error(item.PositionOf("address"), ProblemCodes.InvalidValue, $"{item.PathOf("address")} {Quoted.Of(address)} is not an IP address");
        }

        item.Close(KnownFields.None);
        return result;
    }

    private static EquatableArray<KeyValuePair<string, int>> Ports(YamlObject item)
    {
        var ports = new List<KeyValuePair<string, int>>();
        foreach (var entry in item.Entries("ports"))
        {
            if (item.Problems.AsInt(entry.Value, $"{item.PathOf("ports")}.{Quoted.Escape(entry.Key)}", 1, IPEndPoint.MaxPort) is { } number)
            {
                ports.Add(new(entry.Key, number));
            }
        }

        return ports.ToEquatableArray();
    }

    private static AgentSettings ReadHealth(AgentSettings settings, YamlObject item)
    {
        var defaults = new HealthTiming();
        HealthTarget? target = null;
        if (item.String("check") is { } check && !HealthTarget.TryParse(check, out target))
        {
            item.Problems.Error(
                item.PositionOf("check"), ProblemCodes.InvalidValue, $"{item.PathOf("check")} {Quoted.Of(check)} is no health check", AgentText.HealthCheckForms);
        }

        var result = settings with
        {
            HealthCheck = target,
            HealthTiming = new HealthTiming
            {
                Interval = item.Duration("interval") ?? defaults.Interval,
                UnhealthyInterval = item.Duration("unhealthyInterval") ?? defaults.UnhealthyInterval,
                Timeout = item.Duration("timeout") ?? defaults.Timeout,
                FailureThreshold = item.Int("failureThreshold", 1, 1000) ?? defaults.FailureThreshold,
            },
        };
        item.Close(KnownFields.None);
        return result;
    }

    private static Uri? Address(YamlObject root)
    {
        if (root.String("controlPlane") is not { } text)
        {
            return null;
        }

        if (AgentText.ControlPlane(text) is { } address)
        {
            return address;
        }

        root.Problems.Error(root.PositionOf("controlPlane"), ProblemCodes.InvalidValue, $"{root.PathOf("controlPlane")} {Quoted.Of(text)} is no address", AgentText.ControlPlaneForms);
        return null;
    }
}
