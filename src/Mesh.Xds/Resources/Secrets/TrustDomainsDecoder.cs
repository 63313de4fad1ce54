using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Xds.Resources.Secrets;

/// <summary>Roots by trust domain (Envoy, "envoy.tls.cert_validator.spiffe"). One that cannot be used spoils all.</summary>
internal static class TrustDomainsDecoder
{
    public static EquatableMap Decode(TypedExtensionConfig? validator, DecodeContext context)
    {
        if (validator is null)
        {
            return EquatableMap.Empty;
        }

        using (context.Enter("custom_validator_config"))
        {
            if (!TypedConfig.Is(validator.TypedConfig, TypeNames.SpiffeValidator))
            {
                context.Error("typed_config", "is none that is supported: SPIFFECertValidatorConfig is");
                return EquatableMap.Empty;
            }

            return TypedConfig.Unpack(validator.TypedConfig, TypeNames.SpiffeValidator, SPIFFECertValidatorConfig.Parser, "typed_config", context) is { } config
                ? Domains(config, context)
                : EquatableMap.Empty;
        }
    }

    private static EquatableMap Domains(SPIFFECertValidatorConfig config, DecodeContext context)
    {
        context.Refuse(config.TrustBundles is not null, "trust_bundles");
        var domains = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var domain in config.TrustDomains)
        {
            if (!SpiffeId.IsTrustDomain(domain.Name))
            {
                context.Error("trust_domains", $"\"{domain.Name}\" is not a trust domain");
                continue;
            }

            var roots = SecretDecoder.Text(domain.TrustBundle, "trust_domains", context);
            SecretDecoder.Check("trust_domains", context, () => PemCertificates.Read(roots));
            if (!domains.TryAdd(domain.Name, roots))
            {
                context.Error("trust_domains", $"holds {domain.Name} twice");
            }
        }

        return EquatableMap.From(domains);
    }
}
