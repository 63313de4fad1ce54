using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>spec.http[].corsPolicy.</summary>
/// <param name="AllowOrigins">Any of them; the exact value <c>*</c> is every origin.</param>
/// <param name="AllowMethods">As written.</param>
/// <param name="AllowHeaders">As written.</param>
/// <param name="ExposeHeaders">As written.</param>
/// <param name="MaxAge">Whole seconds; null: browsers choose.</param>
/// <param name="AllowCredentials">Null: not said.</param>
/// <param name="ForwardUnmatchedPreflights">Else they are answered without permission.</param>
internal sealed record HttpCors(
    EquatableArray<StringPredicate> AllowOrigins,
    EquatableArray<string> AllowMethods,
    EquatableArray<string> AllowHeaders,
    EquatableArray<string> ExposeHeaders,
    TimeSpan? MaxAge,
    bool? AllowCredentials,
    bool ForwardUnmatchedPreflights);
