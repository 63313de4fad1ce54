namespace ProxylessMesh.Server.Authorization.Indexing;

/// <summary>A text that an attribute must be, or begin with, for a policy to match.</summary>
internal readonly record struct PolicyKey(string Text, bool IsPrefix);
