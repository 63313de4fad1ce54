using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>A route forwards, redirects or answers: only one of them, and rewrites only what it forwards (Istio's webhook).</summary>
internal static class HttpActionRules
{
    private static readonly string[] Actions = ["route", "redirect", "directResponse", "delegate"];

    private static readonly string[] OnlyForwarded = ["rewrite", "fault", "mirror", "mirrors"];

    public static void Check(YamlObject route)
    {
        var chosen = Actions.Where(route.Has).ToList();
        if (chosen.Count > 1)
        {
            route.Problems.Error(route.PositionOf(chosen[1]), ProblemCodes.Conflict, $"{route.Path} takes only one of {string.Join(" and ", chosen)}");
        }

        if (chosen is ["redirect"] or ["directResponse"] && OnlyForwarded.FirstOrDefault(route.Has) is { } extra)
        {
            route.Problems.Error(route.PositionOf(extra), ProblemCodes.Conflict, $"{route.PathOf(extra)} means nothing beside {chosen[0]}: nothing is forwarded");
        }
    }
}
