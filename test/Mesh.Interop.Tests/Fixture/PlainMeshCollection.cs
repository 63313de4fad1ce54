namespace ProxylessMesh.Interop.Tests.Fixture;

/// <summary>Classes that share one <see cref="PlainMesh"/>.</summary>
[CollectionDefinition(PlainMesh.Collection)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "xunit's own word for it.")]
public sealed class PlainMeshCollection : ICollectionFixture<PlainMesh>;
