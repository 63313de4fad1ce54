namespace ProxylessMesh.Xds.Resources.Endpoints;

/// <summary>Where a LocalityLbEndpoints stands in a message.</summary>
/// <param name="Start">With its tag.</param>
/// <param name="ContentStart">Of its own fields.</param>
/// <param name="End">Behind it.</param>
internal readonly record struct LocalitySlice(int Start, int ContentStart, int End);
