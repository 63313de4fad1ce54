using System.Net;

namespace ProxylessMesh.FunctionalTests.Istiod;

/// <summary>A pod that a Service selects.</summary>
internal sealed record IstioEndpoint(string Workload, string Version, IPEndPoint Address);
