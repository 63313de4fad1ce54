using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace ProxylessMesh.Server.Requests;

/// <summary>Takes from a request what the requests made while serving it shall carry on.</summary>
internal sealed class HeaderCapture(string[] names)
{
    /// <summary>Most headers that are carried on; the rest stays behind, in the order of the names.</summary>
    public const int MaxHeaders = 64;

    /// <summary>Most characters of names and values together; a header that does not fit stays behind.</summary>
    public const int MaxCharacters = 8 * 1024;

    /// <summary>Null when none is there.</summary>
    public KeyValuePair<string, string>[]? From(IHeaderDictionary headers)
    {
        var found = ArrayPool<KeyValuePair<string, string>>.Shared.Rent(Math.Min(names.Length, MaxHeaders));
        var count = 0;
        var room = MaxCharacters;
        foreach (var name in names)
        {
            if (count == MaxHeaders)
            {
                break;
            }

            // Several lines of one header are one list (RFC 9110, section 5.3).
            if (headers.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 } value && name.Length + value.Length <= room)
            {
                room -= name.Length + value.Length;
                found[count++] = new(name, value);
            }
        }

        var captured = count == 0 ? null : found.AsSpan(0, count).ToArray();
        ArrayPool<KeyValuePair<string, string>>.Shared.Return(found, clearArray: true);
        return captured;
    }
}
