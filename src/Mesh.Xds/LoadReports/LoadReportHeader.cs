using System.Buffers;

namespace ProxylessMesh.Xds.LoadReports;

/// <summary>The values of headers and trailers that hold a report. A stranger wrote them: what cannot be read is no report.</summary>
internal static class LoadReportHeader
{
    /// <summary>Characters; a longer value is not looked at.</summary>
    public const int MaxLength = 16 * 1024;

    private const string Binary = "BIN ";
    private const string Text = "TEXT ";
    private const string Json = "JSON ";

    /// <summary>endpoint-load-metrics-bin.</summary>
    public static bool TryReadBinary(ReadOnlySpan<char> value, bool withNamed, out LoadReport report)
    {
        report = default;

        // gRPC leaves the padding out, or not, and joins several values with commas: the last one counts.
        var last = value[(value.LastIndexOf(',') + 1)..].Trim().TrimEnd('=');
        if (last.Length > MaxLength)
        {
            return false;
        }

        var padded = ArrayPool<char>.Shared.Rent(last.Length + 3);
        var bytes = ArrayPool<byte>.Shared.Rent(last.Length + 3);
        try
        {
            last.CopyTo(padded);
            var length = (last.Length + 3) / 4 * 4;
            padded.AsSpan(last.Length, length - last.Length).Fill('=');
            return Convert.TryFromBase64Chars(padded.AsSpan(0, length), bytes, out var written)
                && LoadReportWire.TryRead(bytes.AsSpan(0, written), withNamed, out report);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(padded);
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>endpoint-load-metrics, in any of its formats.</summary>
    public static bool TryReadText(ReadOnlySpan<char> value, bool withNamed, out LoadReport report)
    {
        report = default;
        value = value.Trim();
        return value.Length <= MaxLength
            && (value.StartsWith(Text, StringComparison.Ordinal) ? LoadReportText.TryRead(value[Text.Length..], withNamed, out report)
                : value.StartsWith(Json, StringComparison.Ordinal) ? LoadReportJson.TryRead(value[Json.Length..], withNamed, out report)
                : value.StartsWith(Binary, StringComparison.Ordinal) && TryReadBinary(value[Binary.Length..], withNamed, out report));
    }
}
