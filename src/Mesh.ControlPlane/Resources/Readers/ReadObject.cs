using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>What one object of a file came to.</summary>
/// <param name="Position">Of the document.</param>
/// <param name="Id">Null: of a kind that is skipped, or it can't be told which object it is meant to be.</param>
/// <param name="Object">Null: skipped or rejected.</param>
/// <param name="Problems">Also the warnings about a good object.</param>
/// <param name="IsUnidentified">It can't be told which object it is meant to be, so it may be any that stood in the file before.</param>
internal sealed record ReadObject(SourcePosition Position, ObjectId? Id, MeshObject? Object, ImmutableArray<ConfigProblem> Problems, bool IsUnidentified = false);
