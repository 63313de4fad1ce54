using ProxylessMesh.ControlPlane.Agent.Health;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Agent;

/// <summary>What one source says, the command line or a file; null = nothing.</summary>
internal sealed record AgentSettings
{
    public Uri? ControlPlane { get; init; }

    public string? RootCertificateFile { get; init; }

    public string? TokenFile { get; init; }

    public string? StateDirectory { get; init; }

    public string? Name { get; init; }

    public string? Namespace { get; init; }

    public string? ServiceAccount { get; init; }

    public string? Address { get; init; }

    public EquatableMap Labels { get; init; } = EquatableMap.Empty;

    public EquatableArray<KeyValuePair<string, int>> Ports { get; init; } = [];

    public LocalityId? Locality { get; init; }

    public bool? MutualTls { get; init; }

    public HealthTarget? HealthCheck { get; init; }

    public HealthTiming? HealthTiming { get; init; }

    public TimeSpan? DrainDelay { get; init; }

    public TimeSpan? StopTimeout { get; init; }

    public EquatableArray<string> Command { get; init; } = [];

    /// <summary>This source's word, else the other's, else the default. Lists are not mixed.</summary>
    public AgentOptions Over(AgentSettings other)
    {
        var defaults = new AgentOptions();
        return defaults with
        {
            ControlPlane = ControlPlane ?? other.ControlPlane ?? defaults.ControlPlane,
            RootCertificateFile = RootCertificateFile ?? other.RootCertificateFile,
            TokenFile = TokenFile ?? other.TokenFile,
            StateDirectory = StateDirectory ?? other.StateDirectory ?? "",
            Workload = WorkloadOver(other, defaults.Workload),
            HealthCheck = HealthCheck ?? other.HealthCheck,
            HealthTiming = HealthTiming ?? other.HealthTiming ?? defaults.HealthTiming,
            DrainDelay = DrainDelay ?? other.DrainDelay ?? defaults.DrainDelay,
            StopTimeout = StopTimeout ?? other.StopTimeout ?? defaults.StopTimeout,
            Command = Command.Count > 0 ? Command : other.Command,
        };
    }

    private AgentWorkload WorkloadOver(AgentSettings other, AgentWorkload defaults) => new()
    {
        Name = Name ?? other.Name ?? defaults.Name,
        Namespace = Namespace ?? other.Namespace ?? defaults.Namespace,
        ServiceAccount = ServiceAccount ?? other.ServiceAccount ?? defaults.ServiceAccount,
        Address = Address ?? other.Address ?? defaults.Address,
        Labels = Labels.Count > 0 ? Labels : other.Labels,
        Ports = Ports.Count > 0 ? Ports : other.Ports,
        Locality = Locality ?? other.Locality ?? defaults.Locality,
        MutualTls = MutualTls ?? other.MutualTls ?? defaults.MutualTls,
    };
}
