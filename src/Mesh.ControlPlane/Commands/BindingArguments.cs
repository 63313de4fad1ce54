using System.CommandLine.Parsing;
using ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary>What <c>--label</c> and <c>--workload</c> bind a service account to.</summary>
internal static class BindingArguments
{
    /// <summary>Null when neither is given.</summary>
    public static WorkloadBinding? Read(IReadOnlyCollection<string> labels, IReadOnlyList<string> workloads) =>
        labels.Count + workloads.Count == 0
            ? null
            : new WorkloadBinding(
                labels.Select(Split).GroupBy(l => l.Name, l => l.Value, StringComparer.Ordinal).ToDictionary(l => l.Key, l => (IReadOnlyList<string>)[.. l.Distinct()], StringComparer.Ordinal),
                [.. workloads.Distinct()]);

    public static void CheckLabels(OptionResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (Split(token.Value) is not { Name.Length: > 0, Value.Length: > 0 })
            {
                result.AddError($"{token.Value} is no label: write app=reviews, or version=* for any value");
            }
        }
    }

    private static (string Name, string Value) Split(string label) =>
        label.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 ? (label[..at], label[(at + 1)..]) : ("", "");
}
