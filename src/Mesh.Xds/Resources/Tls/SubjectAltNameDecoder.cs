using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Matching;

namespace ProxylessMesh.Xds.Resources.Tls;

/// <summary>
/// Whom we expect: match_typed_subject_alt_names, or the older match_subject_alt_names. A peer in the mesh has exactly one
/// name, a SPIFFE URI (X509-SVID, section 2), so a typed matcher of another kind could never be met and is refused.
/// </summary>
internal static class SubjectAltNameDecoder
{
    private const string TypedField = "match_typed_subject_alt_names";
    private const string OldField = "match_subject_alt_names";

    public static EquatableArray<StringMatchConfig> Decode(CertificateValidationContext validation, DecodeContext context)
    {
        var names = new List<StringMatchConfig>();
        for (var i = 0; i < validation.MatchTypedSubjectAltNames.Count; i++)
        {
            using (context.Enter(TypedField, i))
            {
                var matcher = validation.MatchTypedSubjectAltNames[i];
                context.Refuse(matcher.SanType != SubjectAltNameMatcher.Types.SanType.Uri, $"san_type {matcher.SanType}");
                Add(names, StringMatcherDecoder.Decode(matcher.Matcher, "matcher", context));
            }
        }

        // common.proto: the old field counts only when the new one is empty.
        if (validation.MatchTypedSubjectAltNames.Count == 0)
        {
            for (var i = 0; i < validation.MatchSubjectAltNames.Count; i++)
            {
                using (context.Enter(OldField, i))
                {
                    Add(names, StringMatcherDecoder.Decode(validation.MatchSubjectAltNames[i], context));
                }
            }
        }

        return names.ToEquatableArray();
    }

    private static void Add(List<StringMatchConfig> names, StringMatchConfig? name)
    {
        if (name is not null)
        {
            names.Add(name);
        }
    }
}
