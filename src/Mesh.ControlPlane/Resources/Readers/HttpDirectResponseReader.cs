using System.Text;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>spec.http[].directResponse.</summary>
internal static class HttpDirectResponseReader
{
    /// <summary>As in Istio: the body travels to every client with the routes.</summary>
    public const int MaxBody = 1024 * 1024;

    public static HttpDirectResponse Read(YamlObject item)
    {
        item.ReportIfMissing("status");
        var status = item.Int("status", 200, 599) ?? 200;
        string? text = null;
        EquatableArray<byte> bytes = [];
        if (item.Object("body") is { } body)
        {
            text = body.String("string");
            bytes = Bytes(body);
            if (body.Has("string") && body.Has("bytes"))
            {
                body.Problems.Error(body.Position, ProblemCodes.Conflict, $"{body.Path} takes only one of string and bytes");
            }

            if (Math.Max(Encoding.UTF8.GetByteCount(text ?? ""), bytes.Count) > MaxBody)
            {
                body.Problems.Error(body.Position, ProblemCodes.InvalidValue, $"{body.Path} is longer than {MaxBody} bytes");
            }

            body.Close(KnownFields.None);
        }

        item.Close(KnownFields.None);
        return new HttpDirectResponse(status, text, bytes);
    }

    /// <summary>proto3 JSON: base64, standard or URL-safe, padded or not.</summary>
    private static EquatableArray<byte> Bytes(YamlObject body)
    {
        if (body.String("bytes") is not { } text)
        {
            return [];
        }

        var padded = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        var buffer = new byte[text.Length];
        if (Convert.TryFromBase64String(padded.PadRight((padded.Length + 3) / 4 * 4, '='), buffer, out var length))
        {
            return buffer.Take(length).ToEquatableArray();
        }

        body.Problems.Error(body.PositionOf("bytes"), ProblemCodes.InvalidValue, $"{body.PathOf("bytes")} is not base64");
        return [];
    }
}
