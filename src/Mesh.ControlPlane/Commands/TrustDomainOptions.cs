using System.CommandLine;
using System.CommandLine.Parsing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary>MeshConfig.trustDomain and trustDomainAliases on the command line.</summary>
internal static class TrustDomainOptions
{
    public static Option<string> Domain() => Checked(new Option<string>("--trust-domain") { Description = "Of all identities that are issued.", DefaultValueFactory = _ => "cluster.local" });

    public static Option<string[]> Aliases() => Checked(new Option<string[]>("--trust-domain-alias")
    {
        Description = "Former or other name of the trust domain: its identities are accepted, and policies about one name hold for all; may be repeated.",
        DefaultValueFactory = _ => [],
    });

    private static T Checked<T>(T option)
        where T : Option
    {
        option.Validators.Add(static (OptionResult result) =>
        {
            foreach (var token in result.Tokens)
            {
                if (!SpiffeId.IsTrustDomain(token.Value))
                {
                    result.AddError($"{token.Value} is not a trust domain: it holds lower case letters, digits, dots, dashes and underscores");
                }
            }
        });
        return option;
    }
}
