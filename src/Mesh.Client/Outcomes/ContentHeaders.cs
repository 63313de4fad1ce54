using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace ProxylessMesh.Client.Outcomes;

/// <summary>
/// Gives the headers of one content to another. HttpContent has no way to, and a copy costs 144 bytes of every
/// call. So the collection itself changes hands, by two private fields that HttpContent has had since it exists; a runtime without them
/// gets the copy (docs/adr/0003-moved-content-headers.md).
/// </summary>
internal static class ContentHeaders
{
    /// <summary>Found out once; from then on the compiler knows it.</summary>
    public static readonly bool CanMove = TryMove();

    /// <param name="from">Must not be asked for its headers afterwards.</param>
    /// <param name="to">Has none yet.</param>
    public static void Hand(HttpContent from, HttpContent to)
    {
        if (CanMove)
        {
            Move(from, to);
        }
        else
        {
            Copy(from, to);
        }
    }

    public static void Copy(HttpContent from, HttpContent to)
    {
        foreach (var header in from.Headers.NonValidated)
        {
            if (header.Value.Count == 1)
            {
                to.Headers.TryAddWithoutValidation(header.Key, header.Value.ToString());
            }
            else
            {
                to.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
        }
    }

    private static void Move(HttpContent from, HttpContent to)
    {
        var headers = from.Headers;

        // Where Content-Length is not among them, they ask their content for it.
        OwnerOf(headers) = to;
        HeadersOf(to) = headers;
    }

    private static bool TryMove()
    {
        try
        {
            using var from = new ByteArrayContent([1]);
            using var to = new ByteArrayContent([1, 2]);
            var headers = from.Headers;
            Move(from, to);
            return ReferenceEquals(to.Headers, headers) && to.Headers.ContentLength == 2;
        }
        catch (Exception e) when (e is MissingMemberException or NotSupportedException or TypeLoadException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_headers")]
    private static extern ref HttpContentHeaders? HeadersOf(HttpContent content);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_parent")]
    private static extern ref HttpContent OwnerOf(HttpContentHeaders headers);
}
