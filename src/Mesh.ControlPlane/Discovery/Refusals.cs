using System.Collections.Immutable;
using System.Buffers;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>
/// Finds the resources that the text of a NACK speaks of: the protocol has no field for them, but every client writes their names into
/// it. Takes time in proportion to the text, however much was sent.
/// </summary>
internal static class Refusals
{
    /// <summary>Characters kept of a client's text.</summary>
    public const int MaxText = 4096;

    private const int MaxResources = 32;

    private static readonly SearchValues<char> s_around = SearchValues.Create(" \t\r\n\"'`,;()[]{}<>");

    /// <param name="error">The client's text.</param>
    /// <param name="wasSent">Whether the client was sent a resource of this name.</param>
    public static ImmutableArray<RefusedResource> Read(string error, Func<string, bool> wasSent)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in error.AsSpan().EnumerateLines())
        {
            ReadLine(line, wasSent, found);
        }

        return found.Count == 0 ? [new RefusedResource("", error)] : [.. found.Select(f => new RefusedResource(f.Key, f.Value))];
    }

    public static string Cut(string error) => error.Length <= MaxText ? error : error[..MaxText];

    private static void ReadLine(ReadOnlySpan<char> line, Func<string, bool> wasSent, Dictionary<string, string> found)
    {
        string? text = null;
        var rest = line;
        while (rest.Length > 0 && found.Count < MaxResources)
        {
            var end = rest.IndexOfAny(s_around);
            var word = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];

            // A name may end with a colon's right neighbour, as in "reviews:9080: no route".
            var name = word.TrimEnd(':').ToString();
            if (name.Length > 0 && !found.ContainsKey(name) && wasSent(name))
            {
                found.Add(name, text ??= line.ToString());
            }
        }
    }
}
