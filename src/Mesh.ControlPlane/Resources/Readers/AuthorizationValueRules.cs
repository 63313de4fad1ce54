using System.Globalization;
using System.Net;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>What single values of an authorization rule must look like.</summary>
internal static class AuthorizationValueRules
{
    private const int MaxServiceAccount = 320;

    public static void Port(YamlObject owner, string name, string value)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
        {
            Refuse(owner, name, value, "is not a port", "a number between 1 and 65535, in quotes");
        }
    }

    public static void IpBlock(YamlObject owner, string name, string value)
    {
        if (!IpBlocks.TryParse(value, out _))
        {
            Refuse(owner, name, value, "is neither an IP address nor a range", "such as \"10.0.0.1\" or \"10.0.0.0/8\"");
        }
    }

    public static void ServiceAccount(YamlObject owner, string name, string value)
    {
        var parts = value.Split('/');
        if (value.Length > MaxServiceAccount || parts.Length > 2 || !Array.TrueForAll(parts, p => DnsName.IsSubdomain(p)))
        {
            Refuse(owner, name, value, "is no service account", "account or namespace/account, without wildcards");
        }
    }

    public static void Path(YamlObject owner, string name, string value)
    {
        if (value.AsSpan().IndexOfAny('{', '}') >= 0)
        {
            if (value.Replace("{*}", "", StringComparison.Ordinal).Replace("{**}", "", StringComparison.Ordinal).AsSpan().IndexOfAny("*{}") >= 0)
            {
                Refuse(owner, name, value, "is no path template", "its operators are {*} and {**}");
            }
            else if (PathTemplate.Problem(PathTemplates.ToEnvoy(value)) is { } problem)
            {
                Refuse(owner, name, value, problem);
            }
        }
        else if (value.Length > 2 && value.AsSpan(1, value.Length - 2).Contains('*'))
        {
            Doubt(owner, name, value, "has a * in its middle, where it is an ordinary character", "use the path templates {*} and {**}");
        }
        else if (value[0] is not ('/' or '*'))
        {
            Doubt(owner, name, value, "matches no path: all begin with /");
        }
    }

    public static void Method(YamlObject owner, string name, string value)
    {
        if (value.AsSpan().ContainsAnyInRange('a', 'z'))
        {
            Doubt(owner, name, value, "matches no request: methods are compared in upper case");
        }
    }

    public static void Principal(YamlObject owner, string name, string value)
    {
        if (value.StartsWith("spiffe://", StringComparison.Ordinal))
        {
            Doubt(owner, name, value, "matches no workload: principals are written without spiffe://");
        }
    }

    private static void Refuse(YamlObject owner, string name, string value, string problem, string? hint = null) =>
        owner.Problems.Error(owner.PositionOf(name), ProblemCodes.InvalidValue, $"{owner.PathOf(name)}: {Quoted.Of(value)} {problem}", hint);

    private static void Doubt(YamlObject owner, string name, string value, string problem, string? hint = null) =>
        owner.Problems.Warning(owner.PositionOf(name), ProblemCodes.IneffectiveAuthorization, $"{owner.PathOf(name)}: {Quoted.Of(value)} {problem}", hint);
}
