namespace ProxylessMesh.Xds.Config;

/// <summary>The policy and its parameter. <paramref name="ChoiceCount"/>: samples of least request, 2 to 10 (gRFC A48).</summary>
internal readonly record struct LoadBalancingConfig(LoadBalancingPolicy Policy, int ChoiceCount = 2);
