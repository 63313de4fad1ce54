using System.Net;

namespace ProxylessMesh.Server.RateLimits.Descriptors;

/// <summary>
/// The descriptor that is being made, one per thread: nobody keeps it over an await. Values are cut, so that what a caller sends
/// does not decide how much is remembered; those that differ only behind the cut share a limit.
/// </summary>
internal sealed class DescriptorBuffer
{
    public const int MaxValue = 512;
    private const int MaxEntries = 10;
    private const char Separator = '\n';

    [ThreadStatic]
    private static DescriptorBuffer? s_current;

    private readonly char[] _text = new char[MaxEntries * (MaxValue + 1)];
    private readonly (string Key, int Start, int End)[] _entries = new (string, int, int)[MaxEntries];
    private int _length;

    public int Count { get; private set; }

    /// <summary>All values; no header and no name holds what separates them.</summary>
    public ReadOnlySpan<char> Text => _text.AsSpan(0, _length);

    public static DescriptorBuffer Empty()
    {
        var buffer = s_current ??= new DescriptorBuffer();
        buffer.Count = 0;
        buffer._length = 0;
        return buffer;
    }

    public string KeyOf(int index) => _entries[index].Key;

    public ReadOnlySpan<char> ValueOf(int index) => _text.AsSpan(_entries[index].Start.._entries[index].End);

    public void Add(string key, ReadOnlySpan<char> value)
    {
        value = value.Length > MaxValue ? value[..MaxValue] : value;
        value.CopyTo(_text.AsSpan(_length));
        Close(key, value.Length);
    }

    /// <param name="key">Of the entry.</param>
    /// <param name="address">Written without the zone of a link-local one.</param>
    /// <param name="bits">Null: the address alone; else its length is written, too.</param>
    public void Add(string key, IPAddress address, int? bits)
    {
        var room = _text.AsSpan(_length, MaxValue);
        address.TryFormat(room, out var length);
        if (bits is { } prefix)
        {
            room[length++] = '/';
            prefix.TryFormat(room[length..], out var digits, default, System.Globalization.CultureInfo.InvariantCulture);
            length += digits;
        }

        Close(key, length);
    }

    private void Close(string key, int length)
    {
        _entries[Count++] = (key, _length, _length + length);
        _length += length;
        _text[_length++] = Separator;
    }
}
