using System.Globalization;
using Envoy.Config.Rbac.V3;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Authorization;

/// <summary>rules[].to[].operation.</summary>
internal static class OperationClauses
{
    public static void Add(ClauseList<Permission> all, AuthorizationOperation operation)
    {
        var context = all.Context;
        if (context.IsTcp)
        {
            AddOfConnection(all, operation);
            return;
        }

        all.Add(operation.Hosts, (host, _) => HostMatchers.Of(host, context.Profile).Select(matcher => new Permission { Header = matcher }));
        all.Add(operation.Ports, (port, _) => [Port(port)]);
        all.Add(operation.Methods, (method, _) => [new Permission { Header = ValueMatchers.Header(":method", ValueMatchers.Text(method), context.Profile) }]);
        all.Add(operation.Paths, (path, negated) => PathMatchers.Of(path, context.Profile, context.IsWide(negated)));
    }

    private static void AddOfConnection(ClauseList<Permission> all, AuthorizationOperation operation)
    {
        all.Add(operation.Ports, (port, _) => [Port(port)]);
        if (!operation.Hosts.IsEmpty || !operation.Methods.IsEmpty || !operation.Paths.IsEmpty)
        {
            all.AddUnknown();
        }
    }

    public static Permission Port(string port) => new() { DestinationPort = uint.Parse(port, CultureInfo.InvariantCulture) };
}
