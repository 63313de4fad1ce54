using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Chaos;

/// <summary>Which service gets which fault.</summary>
internal sealed record ChaosPick(ChaosTarget Target, HttpFault Fault);
