using System.Globalization;
using Bookinfo.Launcher;

namespace Bookinfo.Tour;

/// <summary>Who is let in without a certificate, before and after an edit of the PeerAuthentication.</summary>
internal sealed class StrictMutualTls : ITourStep
{
    private const string File = "security.yaml";
    private const string Path = "/reviews/0";
    private const int Count = 100;

    public string Title => "plaintext to a workload";

    public async Task<string> RunAsync(TourContext tour, CancellationToken cancellationToken)
    {
        var workload = tour.Bookinfo.Workloads["reviews-v1"];
        await tour.Mesh.WriteAsync(ReviewsRoutes.File, ReviewsRoutes.To("v1"), cancellationToken);
        var refused = await ExpectAsync("STRICT", "the connection closed without an answer", isAccepted: false, tour, workload, cancellationToken);
        await tour.SettleAsync("reviews v1", v => v.Version == "v1", cancellationToken);
        await tour.VisitAsync(Count, cancellationToken);
        var accepted = await ExpectAsync("PERMISSIVE", "200", isAccepted: true, tour, workload, cancellationToken);
        await ExpectAsync("STRICT", "the connection closed without an answer", isAccepted: false, tour, workload, cancellationToken);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"STRICT: {refused}, while {Count} visits over mutual TLS succeeded; PERMISSIVE: {accepted}; STRICT again: refused again");
    }

    private static async Task<string> ExpectAsync(
        string mode, string expected, bool isAccepted, TourContext tour, Workload workload, CancellationToken cancellationToken)
    {
        await tour.Mesh.WriteAsync(File, PeerAuthentications(mode), cancellationToken);
        var answer = "nothing yet";
        var asExpected = await Poll.UntilAsync(
            async cancel =>
            {
                var status = await PlaintextCaller.AskAsync(workload.Port, Path, cancel);
                answer = status ?? "closed without an answer";
                return isAccepted ? status is not null && status.Contains(" 200 ", StringComparison.Ordinal) : status is null;
            },
            TourContext.EditDeadline,
            cancellationToken);
        return asExpected
            ? answer
            : throw new StepFailedException(
                $"in mode {mode}, for plaintext to {workload.Spec.Name}: {expected}", answer, workload.Process, tour.Bookinfo.ControlPlane.Process);
    }

    /// <summary>As the sample's own: the whole namespace, and productpage, which the tour itself calls in plaintext.</summary>
    private static string PeerAuthentications(string mode) => $$"""
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata:
          name: default
        spec:
          mtls: { mode: {{mode}} }
        ---
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata:
          name: productpage
        spec:
          selector: { matchLabels: { app: productpage } }
          mtls: { mode: PERMISSIVE }
        """;
}
