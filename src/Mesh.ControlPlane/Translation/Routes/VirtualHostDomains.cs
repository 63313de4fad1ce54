using System.Globalization;
using ProxylessMesh.ControlPlane.Model;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>The authorities under which a client may call a service, each without and with its port.</summary>
internal static class VirtualHostDomains
{
    public static IEnumerable<string> Of(MeshModel model, MeshService service, int port, string clientNamespace)
    {
        foreach (var name in Names(model, service, clientNamespace).Distinct(StringComparer.Ordinal))
        {
            yield return name;
            yield return string.Create(CultureInfo.InvariantCulture, $"{name}:{port}");
        }
    }

    private static IEnumerable<string> Names(MeshModel model, MeshService service, string clientNamespace)
    {
        yield return service.Host;
        yield return service.Host + ".";
        if (service.ShortName is not { } shortName)
        {
            yield break;
        }

        string?[] aliases =
        [
            service.Namespace == clientNamespace ? shortName : null,
            $"{shortName}.{service.Namespace}.svc",
            $"{shortName}.{service.Namespace}",
        ];
        foreach (var alias in aliases.OfType<string>())
        {
            // An alias never takes the name of a host that is called exactly so.
            if (model.Services.Find(alias, clientNamespace) is null)
            {
                yield return alias;
            }
        }
    }
}
