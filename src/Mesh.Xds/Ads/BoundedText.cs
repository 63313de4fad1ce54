using System.Text;

namespace ProxylessMesh.Xds.Ads;

/// <summary>Error texts, one per line up to a limit: what a peer sends must not grow what we log, keep or send back.</summary>
internal sealed class BoundedText
{
    /// <summary>Characters kept of any one text that a peer had a hand in.</summary>
    public const int LongestLine = 512;

    private const int LongestText = 4096;

    private readonly StringBuilder _text = new();
    private int _left;

    public int Count { get; private set; }

    public static string Shorten(string text) =>
        text.Length <= LongestLine ? text : string.Concat(text.AsSpan(0, LongestLine - 3), "...");

    public void Add(string line)
    {
        Count++;
        line = Shorten(line);
        if (_text.Length + line.Length > LongestText)
        {
            _left++;
            return;
        }

        _text.Append(_text.Length == 0 ? "" : "\n").Append(line);
    }

    public override string ToString() => _left == 0 ? _text.ToString() : $"{_text}\n... and {_left} more";
}
