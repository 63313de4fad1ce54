using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Tls;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>MeshConfig.TLSConfig: meshMTLS and tlsDefaults.</summary>
internal static class MeshTlsReader
{
    // The platform chooses the curves: .NET has no setting for them.
    private static readonly KnownFields Known = new(["ecdhCurves"], [], []);

    private static readonly EnumNames<bool> Versions = new(("TLS_AUTO", false), ("TLSV1_2", false), ("TLSV1_3", true));

    public static TlsSettings? Read(YamlObject spec, string field)
    {
        if (spec.Object(field) is not { } tls)
        {
            return null;
        }

        var only13 = tls.Enum("minProtocolVersion", Versions, false) == true;
        var suites = tls.Strings("cipherSuites").ToEquatableArray();
        foreach (var suite in suites)
        {
            if (!CipherSuiteNames.TryGet(suite, out _))
            {
                tls.Problems.Error(
                    tls.PositionOf("cipherSuites"), ProblemCodes.InvalidValue, $"{tls.PathOf("cipherSuites")}: {Quoted.Of(suite)} is not the name of a cipher suite of TLS 1.2", $"known are {string.Join(", ", CipherSuiteNames.All)}");
            }
        }

        tls.Close(Known);
        return new TlsSettings(only13, suites);
    }
}
