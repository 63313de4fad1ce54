using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Matching;

namespace ProxylessMesh.Xds.Resources.Tls;

/// <summary>
/// Whom we expect: match_typed_subject_alt_names, or the older match_subject_alt_names. The records keep no type, so a typed
/// matcher is only taken where a name of another type could not meet it: URIs, and DNS names in full.
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
                var name = StringMatcherDecoder.Decode(matcher.Matcher, "matcher", context);
                var isTaken = matcher.SanType == SubjectAltNameMatcher.Types.SanType.Uri
                    || (matcher.SanType == SubjectAltNameMatcher.Types.SanType.Dns && name?.Kind == StringMatchKind.Exact);
                context.Refuse(!isTaken, "san_type");
                Add(names, name);
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
