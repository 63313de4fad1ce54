using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>Fields whose text goes into requests as it is. An empty one is the same as none.</summary>
internal static class RewriteFields
{
    public static string? PathText(this YamlObject owner, string name) =>
        Text(owner, name, text => MessageRules.IsPath(text), "cannot stand in a path", "escape what is not visible ASCII, and leave the fragment out");

    /// <summary>A host with or without a port.</summary>
    public static string? AuthorityText(this YamlObject owner, string name) =>
        Text(owner, name, text => MessageRules.IsHost(text), "is not a host", null);

    private static string? Text(YamlObject owner, string name, Func<string, bool> isGood, string fault, string? hint)
    {
        if (owner.String(name) is not { Length: > 0 } text)
        {
            return null;
        }

        if (!isGood(text))
        {
            owner.Problems.Error(owner.PositionOf(name), ProblemCodes.InvalidValue, $"{owner.PathOf(name)} {Quoted.Of(text)} {fault}", hint);
        }

        return text;
    }
}
