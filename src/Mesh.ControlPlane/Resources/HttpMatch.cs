using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>One entry of match: all parts must hold.</summary>
/// <param name="Name">Added to the route's name.</param>
/// <param name="Uri">Null: any path.</param>
/// <param name="IgnoreUriCase">For exact and prefix.</param>
/// <param name="Scheme">Null: any.</param>
/// <param name="Method">Null: any.</param>
/// <param name="Authority">Null: any.</param>
/// <param name="Headers">Name to predicate; a null predicate asks for presence.</param>
/// <param name="WithoutHeaders">Name to predicate that must not hold.</param>
/// <param name="QueryParams">Name to predicate; a null predicate asks for presence.</param>
/// <param name="Port">Of the host called; null: any.</param>
/// <param name="SourceLabels">Which clients get the route.</param>
/// <param name="SourceNamespace">Which clients get the route; null: any.</param>
/// <param name="Gateways">Overrides the VirtualService's when not empty.</param>
/// <param name="Position">Of the entry.</param>
internal sealed record HttpMatch(
    string Name,
    StringPredicate? Uri,
    bool IgnoreUriCase,
    StringPredicate? Scheme,
    StringPredicate? Method,
    StringPredicate? Authority,
    EquatableArray<NamedPredicate> Headers,
    EquatableArray<NamedPredicate> WithoutHeaders,
    EquatableArray<NamedPredicate> QueryParams,
    int? Port,
    EquatableMap SourceLabels,
    string? SourceNamespace,
    EquatableArray<string> Gateways,
    SourcePosition Position);
