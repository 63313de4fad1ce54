using System.CommandLine;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Tls;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary>The options of <c>mesh serve</c> about versions and cipher suites (MeshConfig.meshMTLS and tlsDefaults).</summary>
internal sealed record TlsArguments(Option<string> MinVersion, Option<string[]> MeshSuites, Option<string[]> DefaultSuites)
{
    private const string Tls12 = "TLSV1_2";
    private const string Tls13 = "TLSV1_3";

    public static TlsArguments Create()
    {
        var version = new Option<string>("--mesh-mtls-min-protocol-version") { Description = "The least that mutual TLS between workloads takes.", DefaultValueFactory = _ => Tls12 };
        version.AcceptOnlyFromAmong(Tls12, Tls13);
        return new(
            version,
            Suites("--mesh-mtls-cipher-suite", "Cipher suite of TLS 1.2 for mutual TLS between workloads, by OpenSSL's name; may be repeated. All that the platform has when not given."),
            Suites("--tls-default-cipher-suite", "The same for TLS to hosts outside the mesh; may be repeated."));
    }

    public IEnumerable<Option> All => [MinVersion, MeshSuites, DefaultSuites];

    public TlsSettings MutualTls(ParseResult parsed) => new(parsed.GetValue(MinVersion) == Tls13, parsed.GetRequiredValue(MeshSuites).ToEquatableArray());

    public TlsSettings Defaults(ParseResult parsed) => new(Only13: false, parsed.GetRequiredValue(DefaultSuites).ToEquatableArray());

    private static Option<string[]> Suites(string name, string description)
    {
        var option = new Option<string[]>(name) { Description = description, DefaultValueFactory = _ => [] };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (!CipherSuiteNames.TryGet(token.Value, out _))
                {
                    result.AddError($"{token.Value} is not one of {string.Join(", ", CipherSuiteNames.All)}");
                }
            }
        });
        return option;
    }
}
