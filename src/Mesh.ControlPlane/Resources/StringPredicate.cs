namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Istio's StringMatch.</summary>
internal sealed record StringPredicate(StringPredicateKind Kind, string Value, SourcePosition Position);
