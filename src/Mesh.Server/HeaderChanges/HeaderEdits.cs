using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.HeaderChanges;

/// <summary>Changes of a message's headers that configuration or a service asks for.</summary>
internal static class HeaderEdits
{
    public static void Apply(IHeaderDictionary headers, EquatableArray<HeaderMutationConfig> edits)
    {
        for (var i = 0; i < edits.Count; i++)
        {
            Apply(headers, edits[i]);
        }
    }

    public static void Apply(IHeaderDictionary headers, HeaderMutationConfig edit)
    {
        switch (edit.Kind)
        {
            case HeaderMutationKind.Remove:
                headers.Remove(edit.Name);
                break;
            case HeaderMutationKind.Append:
                headers[edit.Name] = StringValues.Concat(headers[edit.Name], edit.Value);
                break;
            case HeaderMutationKind.AddIfAbsent when headers.ContainsKey(edit.Name):
            case HeaderMutationKind.SetIfPresent when !headers.ContainsKey(edit.Name):
                break;
            default:
                headers[edit.Name] = edit.Value;
                break;
        }
    }
}
