namespace ProxylessMesh.Xds.Config;

/// <summary>A bucket that holds at most <paramref name="MaxTokens"/> and gets <paramref name="TokensPerFill"/> more every <paramref name="FillInterval"/>.</summary>
internal sealed record TokenBucketConfig(uint MaxTokens, uint TokensPerFill, TimeSpan FillInterval);
