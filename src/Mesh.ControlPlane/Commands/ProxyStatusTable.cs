using System.Globalization;
using System.Text;
using ProxylessMesh.ControlPlane.Admin;
using ProxylessMesh.ControlPlane.Discovery;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary>Clients as a table, with what they refuse below it.</summary>
internal static class ProxyStatusTable
{
    private const int MaxError = 200;

    private static readonly string[] s_types = ["CDS", "EDS", "LDS", "RDS", "SDS"];

    public static string Format(IReadOnlyCollection<ProxySync> clients, bool wide)
    {
        List<string[]> rows = [["NAME", .. s_types, "PROTOCOL", .. wide ? (string[])["PROFILE", "CONNECTED", "IDENTITY", "NODE"] : []]];
        rows.AddRange(clients.Select(client => Row(client, wide)));
        var text = new StringBuilder();
        Append(text, rows);
        List<string[]> refused =
        [
            .. from client in clients
               from type in client.Types
               from resource in type.Refused
               select (string[])[Name(client), type.Type, resource.Name.Length == 0 ? "(not said)" : resource.Name, Error(resource, wide)],
        ];
        if (refused.Count > 0)
        {
            text.AppendLine();
            Append(text, [["NAME", "TYPE", "RESOURCE", "REFUSED BECAUSE"], .. refused]);
        }

        return text.ToString().TrimEnd();
    }

    private static string[] Row(ProxySync client, bool wide) =>
    [
        Name(client),
        .. s_types.Select(type => State(client.Types.FirstOrDefault(t => t.Type == type), wide)),
        client.Protocol,
        .. wide ? (string[])[client.Profile, client.ConnectedAt.UtcDateTime.ToString("u", CultureInfo.InvariantCulture), client.Identity ?? "-", LogText.Of(client.Node)] : [],
    ];

    private static string Name(ProxySync client) => LogText.Of($"{client.Name}.{client.Namespace}");

    private static string State(ProxySyncType? type, bool wide) =>
        type is null ? "-"
        : !wide ? type.State
        : type.All ? $"{type.State} (*)"
        : string.Create(CultureInfo.InvariantCulture, $"{type.State} ({type.Names})");

    private static string Error(RefusedResource resource, bool wide)
    {
        var text = LogText.Of(resource.Error);
        return wide || text.Length <= MaxError ? text : string.Concat(text.AsSpan(0, MaxError), "...");
    }

    private static void Append(StringBuilder text, List<string[]> rows)
    {
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
