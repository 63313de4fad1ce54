using System.Buffers.Binary;
using System.Text;

namespace ProxylessMesh.Xds.LoadReports;

/// <summary>
/// Reads OrcaLoadReport from its bytes. By hand, because a report may come with every response: nothing is allocated but the
/// named metrics of those who want them. Bytes that are no message are no report.
/// </summary>
internal static class LoadReportWire
{
    /// <summary>More are not kept: a peer decides how many there are.</summary>
    public const int MaxNamedMetrics = 128;

    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;
    private const int Fixed32 = 5;

    private const int Cpu = 1;
    private const int Memory = 2;
    private const int Requests = 6;
    private const int Errors = 7;
    private const int Named = 8;
    private const int Application = 9;

    public static bool TryRead(ReadOnlySpan<byte> message, bool withNamed, out LoadReport report)
    {
        double cpu = 0, memory = 0, application = 0, requests = 0, errors = 0;
        List<KeyValuePair<string, double>>? named = null;
        report = default;
        while (!message.IsEmpty)
        {
            if (!TryField(ref message, out var field, out var number, out var bytes))
            {
                return false;
            }

            switch (field)
            {
                case Cpu: cpu = number; break;
                case Memory: memory = number; break;
                case Requests: requests = number; break;
                case Errors: errors = number; break;
                case Application: application = number; break;
                case Named when withNamed && (named?.Count ?? 0) < MaxNamedMetrics:
                    if (!TryEntry(bytes, out var entry))
                    {
                        return false;
                    }

                    (named ??= []).Add(entry);
                    break;
            }
        }

        report = new LoadReport(cpu, memory, application, requests, errors) { NamedMetrics = named?.ToArray() };
        return true;
    }

    private static bool TryEntry(ReadOnlySpan<byte> message, out KeyValuePair<string, double> entry)
    {
        var key = "";
        var value = 0.0;
        entry = default;
        while (!message.IsEmpty)
        {
            if (!TryField(ref message, out var field, out var number, out var bytes))
            {
                return false;
            }

            if (field == 1)
            {
                key = Encoding.UTF8.GetString(bytes);
            }
            else if (field == 2)
            {
                value = number;
            }
        }

        entry = new(key, value);
        return true;
    }

    /// <summary>Fields of a type that no field of ours has are passed over; so are groups, which proto3 does not have, as broken.</summary>
    private static bool TryField(ref ReadOnlySpan<byte> message, out int field, out double number, out ReadOnlySpan<byte> bytes)
    {
        (field, number) = (0, 0);
        bytes = default;
        if (!TryVarint(ref message, out var tag) || tag >> 3 is 0 or > int.MaxValue)
        {
            return false;
        }

        switch (tag & 7)
        {
            case Varint:
                return TryVarint(ref message, out _);
            case Fixed64 when message.Length >= sizeof(double):
                field = (int)(tag >> 3);
                number = BinaryPrimitives.ReadDoubleLittleEndian(message);
                message = message[sizeof(double)..];
                return true;
            case Bytes when TryVarint(ref message, out var length) && length <= (ulong)message.Length:
                field = (int)(tag >> 3);
                bytes = message[..(int)length];
                message = message[(int)length..];
                return true;
            case Fixed32 when message.Length >= sizeof(uint):
                message = message[sizeof(uint)..];
                return true;
            default:
                return false;
        }
    }

    private static bool TryVarint(ref ReadOnlySpan<byte> message, out ulong value)
    {
        value = 0;
        for (var i = 0; i < message.Length && i < 10; i++)
        {
            value |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] < 0x80)
            {
                message = message[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
