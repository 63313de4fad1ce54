using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>trafficPolicy.tls (ClientTLSSettings). Files are the client's: nothing of them is read here.</summary>
internal static class ClientTlsReader
{
    private static readonly KnownFields Known = new(["caCrl", "credentialName"], [], []);

    private static readonly EnumNames<ClientTlsMode> Modes = new(
        ("DISABLE", ClientTlsMode.Disable),
        ("SIMPLE", ClientTlsMode.Simple),
        ("MUTUAL", ClientTlsMode.Mutual),
        ("ISTIO_MUTUAL", ClientTlsMode.IstioMutual));

    public static ClientTls Read(YamlObject item)
    {
        var mode = item.Enum("mode", Modes, ClientTlsMode.Disable);
        var tls = new ClientTls(mode, item.Position)
        {
            CertificateFile = Text(item, "clientCertificate"),
            KeyFile = Text(item, "privateKey"),
            RootsFile = Text(item, "caCertificates"),
            ServerName = Text(item, "sni"),
            SubjectAltNames = Names(item),
            SkipVerify = item.Bool("insecureSkipVerify") ?? false,
        };
        item.Close(Known);
        Check(item, tls);
        return tls;
    }

    private static void Check(YamlObject item, ClientTls tls)
    {
        switch (tls.Mode)
        {
            case ClientTlsMode.Disable or ClientTlsMode.IstioMutual:
                Forbid(item, $"is for SIMPLE and MUTUAL, not {(tls.Mode == ClientTlsMode.Disable ? "DISABLE" : "ISTIO_MUTUAL")}", "clientCertificate", "privateKey", "caCertificates", "sni", "subjectAltNames", "insecureSkipVerify");
                break;
            case ClientTlsMode.Simple:
                Forbid(item, "is for MUTUAL", "clientCertificate", "privateKey");
                break;
            case ClientTlsMode.Mutual when !item.Has("credentialName"):
                item.ReportIfMissing("clientCertificate");
                item.ReportIfMissing("privateKey");
                break;
        }

        if (tls.SkipVerify)
        {
            Forbid(item, "is not looked at with insecureSkipVerify", "caCertificates", "subjectAltNames");
        }
    }

    private static void Forbid(YamlObject item, string why, params string[] fields)
    {
        foreach (var field in fields.Where(item.Has))
        {
            item.Problems.Error(item.PositionOf(field), ProblemCodes.Conflict, $"{item.PathOf(field)} {why}", "remove it");
        }
    }

    private static string? Text(YamlObject item, string name) => item.Has(name) ? item.RequiredString(name) : item.String(name);

    private static EquatableArray<string> Names(YamlObject item)
    {
        var names = item.Strings("subjectAltNames");
        if (names.Contains(""))
        {
            item.Problems.Error(item.PositionOf("subjectAltNames"), ProblemCodes.InvalidValue, $"{item.PathOf("subjectAltNames")} has an empty name: no certificate has one");
        }

        return names;
    }
}
