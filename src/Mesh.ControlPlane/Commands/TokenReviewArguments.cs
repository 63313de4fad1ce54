using System.CommandLine;
using System.CommandLine.Parsing;
using ProxylessMesh.ControlPlane.CertificateAuthority.Kubernetes;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary>The options of <c>mesh serve</c> about Kubernetes service-account tokens.</summary>
internal sealed record TokenReviewArguments(
    Option<Uri?> Server, Option<string?> Roots, Option<string?> Token, Option<string?> Audience, Option<string?> Keys, Option<string?> Issuer)
{
    public static TokenReviewArguments Create() => new(
        new Option<Uri?>("--token-review-server")
        {
            Description = "Kubernetes API server that judges service-account tokens, https://kubernetes.default.svc in a pod.",
            CustomParser = result =>
            {
                if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var server) && server.Scheme == Uri.UriSchemeHttps)
                {
                    return server;
                }

                result.AddError($"{result.Tokens[0].Value} is no https URL");
                return null;
            },
        },
        new Option<string?>("--token-review-ca") { Description = "PEM file with the API server's roots; a pod's own when not given." },
        new Option<string?>("--token-review-token") { Description = "File with the control plane's own token; a pod's own when not given." },
        new Option<string?>("--token-audience") { Description = "That service-account tokens must be made for; istio-ca when not given." },
        new Option<string?>("--token-jwks") { Description = "File or URL with the keys of the cluster that signs service-account tokens: they are verified here, without the API server. Needs --token-issuer." },
        new Option<string?>("--token-issuer") { Description = "Who signs service-account tokens: the API server's --service-account-issuer." });

    public IEnumerable<Option> All => [Server, Roots, Token, Audience, Keys, Issuer];

    /// <summary>Says what does not go together.</summary>
    public void Check(CommandResult result)
    {
        if (result.GetValue(Keys) is null != result.GetValue(Issuer) is null)
        {
            result.AddError("--token-jwks and --token-issuer go together");
        }

        if (result.GetValue(Keys) is not null && result.GetValue(Server) is not null)
        {
            result.AddError("service-account tokens are judged by --token-review-server or by --token-jwks, not by both");
        }
    }

    public OfflineTokenOptions? ReadOffline(ParseResult parsed) =>
        parsed.GetValue(Keys) is { } keys && parsed.GetValue(Issuer) is { } issuer
            ? new OfflineTokenOptions { Keys = keys, Issuer = issuer, Audience = parsed.GetValue(Audience) ?? TokenReviewOptions.DefaultAudience }
            : null;

    public TokenReviewOptions? Read(ParseResult parsed)
    {
        if (parsed.GetValue(Server) is not { } server)
        {
            return null;
        }

        var options = new TokenReviewOptions { Server = server };
        return options with
        {
            RootsFile = parsed.GetValue(Roots) ?? options.RootsFile,
            TokenFile = parsed.GetValue(Token) ?? options.TokenFile,
            Audience = parsed.GetValue(Audience) ?? options.Audience,
        };
    }
}
