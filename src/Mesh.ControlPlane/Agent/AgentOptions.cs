using ProxylessMesh.ControlPlane.Agent.Health;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Agent;

/// <summary>What <c>mesh agent</c> is told.</summary>
internal sealed record AgentOptions
{
    /// <summary><c>https://host:15012</c>, or <c>http://host:15010</c> for development, which gives no certificates.</summary>
    public Uri ControlPlane { get; init; } = new("https://127.0.0.1:15012");

    /// <summary>Roots that the control plane's certificate must lead to; null = the machine's.</summary>
    public string? RootCertificateFile { get; init; }

    /// <summary>Join token; null = a saved certificate proves who asks.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The agent's own folder: certificates, bootstrap, socket. Mode 0700.</summary>
    public string StateDirectory { get; init; } = "";

    public AgentWorkload Workload { get; init; } = new();

    /// <summary>Null: a TCP connection to the first port.</summary>
    public HealthTarget? HealthCheck { get; init; }

    public HealthTiming HealthTiming { get; init; } = new();

    /// <summary>How long callers get to hear that the app goes, before it is told to stop.</summary>
    public TimeSpan DrainDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the app gets to stop, before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the first certificate may take.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often gRPC libraries are told to look at the certificate files. Often: the control plane signs with a new root soon after
    /// the agent has it, and three small files cost nothing.
    /// </summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The app with its arguments; empty = somebody else runs it.</summary>
    public EquatableArray<string> Command { get; init; } = [];
}
