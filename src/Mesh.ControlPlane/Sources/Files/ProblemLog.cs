using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Sources.Files;

/// <summary>Logs each problem once when it appears, and that it went.</summary>
internal sealed partial class ProblemLog(ILogger logger)
{
    private const int MaxEntries = 200;

    private ImmutableHashSet<ConfigProblem> _known = [];

    public void Report(ImmutableArray<ConfigProblem> problems)
    {
        var shown = problems.Where(p => p.Severity != ProblemSeverity.Information).ToList();
        foreach (var problem in shown.Where(p => !_known.Contains(p)).Take(MaxEntries))
        {
            if (problem.Severity == ProblemSeverity.Error)
            {
                Log.Rejected(logger, problem);
            }
            else
            {
                Log.Doubtful(logger, problem);
            }
        }

        if (!_known.IsEmpty && shown.Count == 0)
        {
            Log.Clean(logger);
        }

        _known = [.. shown];
    }

    private static partial class Log
    {
        [LoggerMessage(4010, LogLevel.Error, "Configuration rejected: {Problem}")]
        public static partial void Rejected(ILogger logger, ConfigProblem problem);

        [LoggerMessage(4011, LogLevel.Warning, "Configuration: {Problem}")]
        public static partial void Doubtful(ILogger logger, ConfigProblem problem);

        [LoggerMessage(4012, LogLevel.Information, "The configuration has no problems any more")]
        public static partial void Clean(ILogger logger);
    }
}
