using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Resources.Tls;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>servers[].tls (Istio, ServerTLSSettings).</summary>
internal static class GatewayTlsReader
{
    private static readonly KnownFields Known = new(
        ["credentialNames", "tlsCertificates", "caCrl", "verifyCertificateSpki", "verifyCertificateHash", "ecdhCurves", "insecureSkipVerify"], [], []);

    // Istio's first value is PASSTHROUGH, so a mode that is not given means that one.
    private static readonly EnumNames<GatewayTlsMode> Modes = new(
        ("PASSTHROUGH", null),
        ("SIMPLE", GatewayTlsMode.Simple),
        ("MUTUAL", GatewayTlsMode.Mutual),
        ("AUTO_PASSTHROUGH", null),
        ("ISTIO_MUTUAL", null),
        ("OPTIONAL_MUTUAL", GatewayTlsMode.OptionalMutual));

    private static readonly EnumNames<int> Versions = new(("TLS_AUTO", 0), ("TLSV1_0", null), ("TLSV1_1", null), ("TLSV1_2", 2), ("TLSV1_3", 3));

    /// <param name="tls">The field.</param>
    /// <param name="isTls">Whether the server's protocol is; null: it is wrong, and said to be.</param>
    public static (GatewayTls? Tls, bool HttpsRedirect) Read(YamlObject tls, bool? isTls)
    {
        var redirect = tls.Bool("httpsRedirect") == true;
        if (isTls == false)
        {
            CheckPlaintext(tls);
            return (null, redirect);
        }

        var mode = tls.Enum("mode", Modes, GatewayTlsMode.Simple);
        if (isTls == true && !tls.Has("mode"))
        {
            tls.Problems.Error(
                tls.Position, ProblemCodes.UnsupportedField, $"{tls.PathOf("mode")} is PASSTHROUGH when it is not given, which is not supported yet by this version", "set mode: SIMPLE to end TLS at the gateway");
        }

        if (redirect)
        {
            tls.Problems.Error(tls.PositionOf("httpsRedirect"), ProblemCodes.Conflict, $"{tls.PathOf("httpsRedirect")} is for servers of HTTP: this one is https already");
        }

        var lowest = tls.Enum("minProtocolVersion", Versions, 0);
        var highest = tls.Enum("maxProtocolVersion", Versions, 0);
        if (lowest == 3 && highest == 2)
        {
            tls.Problems.Error(tls.PositionOf("maxProtocolVersion"), ProblemCodes.Conflict, $"{tls.PathOf("maxProtocolVersion")} is below minProtocolVersion");
        }

        var result = new GatewayTls(mode)
        {
            CertificateFile = Text(tls, "serverCertificate"),
            KeyFile = Text(tls, "privateKey"),
            RootsFile = Text(tls, "caCertificates"),
            Credential = Credential(tls, "credentialName"),
            RootsCredential = Credential(tls, "caCertCredentialName"),
            SubjectAltNames = tls.Strings("subjectAltNames"),
            Only13 = lowest == 3,
            Only12 = highest == 2,
            CipherSuites = tls.Strings("cipherSuites"),
        };
        Check(result, tls);
        tls.Close(Known);
        return (result, false);
    }

    private static void CheckPlaintext(YamlObject tls)
    {
        // What belongs to TLS would look as if it protected the server.
        foreach (var field in (string[])["serverCertificate", "privateKey", "caCertificates", "credentialName", "caCertCredentialName", "subjectAltNames", "minProtocolVersion", "maxProtocolVersion", "cipherSuites"])
        {
            if (tls.Read(field) is not null)
            {
                tls.Problems.Error(tls.PositionOf(field), ProblemCodes.Conflict, $"{tls.PathOf(field)} is for servers of HTTPS: one of HTTP can only redirect (httpsRedirect)", "set port.protocol: HTTPS");
            }
        }

        if (tls.String("mode") is not (null or "PASSTHROUGH"))
        {
            tls.Problems.Error(tls.PositionOf("mode"), ProblemCodes.Conflict, $"{tls.PathOf("mode")} is for servers of HTTPS: one of HTTP can only redirect (httpsRedirect)", "set port.protocol: HTTPS");
        }

        tls.Close(Known);
    }

    private static void Check(GatewayTls settings, YamlObject tls)
    {
        if (settings.Credential is not null && (settings.CertificateFile ?? settings.KeyFile ?? settings.RootsFile) is not null)
        {
            tls.Problems.Error(tls.PositionOf("credentialName"), ProblemCodes.Conflict, $"{tls.PathOf("credentialName")} cannot stand beside files");
        }
        else if (!tls.Has("credentialName") && (settings.CertificateFile is null || settings.KeyFile is null))
        {
            tls.Problems.Error(tls.Position, ProblemCodes.Missing, $"{tls.Path} needs credentialName, or serverCertificate and privateKey");
        }

        var asks = settings.Mode != GatewayTlsMode.Simple;
        if (asks && settings is { Credential: null, RootsFile: null, RootsCredential: null })
        {
            tls.Problems.Error(tls.Position, ProblemCodes.Missing, $"{tls.PathOf("caCertificates")} is missing: callers' certificates are verified by it");
        }

        if (!asks && settings.SubjectAltNames.Count > 0)
        {
            tls.Problems.Error(tls.PositionOf("subjectAltNames"), ProblemCodes.Conflict, $"{tls.PathOf("subjectAltNames")} names callers, and mode SIMPLE asks none for a certificate", "set mode: MUTUAL");
        }

        if (settings.SubjectAltNames.Contains(""))
        {
            tls.Problems.Error(tls.PositionOf("subjectAltNames"), ProblemCodes.InvalidValue, $"{tls.PathOf("subjectAltNames")} has an empty name: no certificate has one");
        }

        foreach (var suite in settings.CipherSuites)
        {
            if (!CipherSuiteNames.TryGet(suite, out _))
            {
                tls.Problems.Error(
                    tls.PositionOf("cipherSuites"), ProblemCodes.InvalidValue, $"{tls.PathOf("cipherSuites")}: {Quoted.Of(suite)} is not the name of a cipher suite of TLS 1.2", $"known are {string.Join(", ", CipherSuiteNames.All)}");
            }
        }
    }

    private static string? Text(YamlObject tls, string field)
    {
        var text = tls.String(field) is { Length: > 0 } given ? given : null;

        // Istio's name of a pair of files joins them with it.
        if (text?.Contains('~', StringComparison.Ordinal) == true)
        {
            tls.Problems.Error(tls.PositionOf(field), ProblemCodes.InvalidValue, $"{tls.PathOf(field)} {Quoted.Of(text)} holds a \"~\", which a path here cannot");
        }

        return text;
    }

    /// <summary>A Secret's name; it becomes a part of a path on the gateway's machine.</summary>
    private static string? Credential(YamlObject tls, string field)
    {
        if (tls.String(field) is not { Length: > 0 } text)
        {
            return null;
        }

        if (DnsName.IsSubdomain(text))
        {
            return text;
        }

        tls.Problems.Error(tls.PositionOf(field), ProblemCodes.InvalidValue, $"{tls.PathOf(field)} {Quoted.Of(text)} is not the name of a Secret");
        return null;
    }
}
