using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Bootstrap;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary>How a command that asks a running control plane reaches it, and proves who asks.</summary>
internal sealed class XdsAddressOptions
{
    private readonly Option<string?> _address = new("--xds-address") { Description = "The running control plane: HOST:PORT or URL; 127.0.0.1:15010 unless told. TLS where one of the next options is given." };
    private readonly Option<string?> _roots = new("--root-cert") { Description = "PEM file of the roots that the control plane's certificate must lead to." };
    private readonly Option<string?> _token = new("--token") { Description = "File with a join token of the caller's service account." };
    private readonly Option<string?> _certificate = new("--cert") { Description = "PEM file of a workload certificate, instead of a token." };
    private readonly Option<string?> _key = new("--key") { Description = "PEM file of its private key." };

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>Whether one of them was given.</summary>
    public bool IsUsed(ParseResult parsed) => All.Any(option => parsed.GetValue(option) is not null);

    /// <summary>False, and the reason, for what cannot be meant.</summary>
    public bool TryRead(ParseResult parsed, [NotNullWhen(true)] out XdsServerConfig? server, out string mistake)
    {
        server = null;
        mistake = "";
        var (roots, token, certificate, key) = (parsed.GetValue(_roots), parsed.GetValue(_token), parsed.GetValue(_certificate), parsed.GetValue(_key));
        var secure = roots is not null || token is not null || certificate is not null;
        var text = parsed.GetValue(_address) ?? (secure ? "127.0.0.1:15012" : "127.0.0.1:15010");
        var url = text.Contains("://", StringComparison.Ordinal) ? text : $"{(secure ? "https" : "http")}://{text}";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https" or "unix"))
        {
            mistake = $"--xds-address {text} is no address: write 127.0.0.1:15010 or https://mesh.example.com:15012";
        }
        else if (secure && address.Scheme != Uri.UriSchemeHttps)
        {
            mistake = $"--xds-address {text} is not TLS: --root-cert, --token and --cert would not be looked at";
        }
        else if (certificate is null != key is null)
        {
            mistake = "--cert and --key go together";
        }
        else if (new[] { roots, token, certificate, key }.OfType<string>().FirstOrDefault(f => !File.Exists(f)) is { } missing)
        {
            mistake = $"the file {missing} does not exist";
        }
        else
        {
            var tls = address.Scheme == Uri.UriSchemeHttps ? new TlsFilesConfig(roots, certificate, key, TlsFilesConfig.DefaultRefreshInterval) : null;
            server = new XdsServerConfig(address, tls, token, XdsServerFeatures.None);
        }

        return server is not null;
    }

    private Option<string?>[] All => [_address, _roots, _token, _certificate, _key];
}
