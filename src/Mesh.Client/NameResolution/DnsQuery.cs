using System.Buffers.Binary;
using System.Text;

namespace ProxylessMesh.Client.NameResolution;

/// <summary>One question in wire form (RFC 1035, 4.1).</summary>
/// <param name="Id">The answer must repeat it; random, so that a stranger cannot guess it.</param>
/// <param name="Name">In lower case, without a dot at the end.</param>
/// <param name="Type">What is asked for.</param>
internal sealed record DnsQuery(ushort Id, string Name, DnsRecordType Type)
{
    public const int HeaderLength = 12;

    private const int MaxName = 253;
    private const int MaxLabel = 63;
    private const ushort RecursionDesired = 0x0100;
    private const ushort ClassInternet = 1;

    /// <summary>Whether a name can be asked for at all.</summary>
    public static bool IsAskable(string name)
    {
        if (name.Length is 0 or > MaxName || !Ascii.IsValid(name))
        {
            return false;
        }

        foreach (var label in name.AsSpan().Split('.'))
        {
            if (name.AsSpan(label).Length is 0 or > MaxLabel)
            {
                return false;
            }
        }

        return true;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderLength + Name.Length + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, Id);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), RecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), 1);
        var at = HeaderLength;
        foreach (var label in Name.AsSpan().Split('.'))
        {
            var text = Name.AsSpan(label);
            bytes[at++] = (byte)text.Length;
            at += Encoding.ASCII.GetBytes(text, bytes.AsSpan(at));
        }

        bytes[at++] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)Type);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 2), ClassInternet);
        return bytes;
    }
}
