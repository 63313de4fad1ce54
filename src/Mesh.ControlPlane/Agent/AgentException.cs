namespace ProxylessMesh.ControlPlane.Agent;

/// <summary>The agent cannot begin; the message says why.</summary>
internal sealed class AgentException(string message) : Exception(message);
