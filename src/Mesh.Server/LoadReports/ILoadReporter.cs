namespace ProxylessMesh.Server;

/// <summary>
/// What the app says of its load, told to callers as <see cref="Client.LoadReportOptions"/> asks. As a service it speaks for the process;
/// <c>HttpContext.GetRequestLoad()</c> gives one for a single response, whose numbers go before those of the process. All members may be
/// called at any time on any thread; the last one told counts, until it is taken back with null.
/// </summary>
public interface ILoadReporter
{
    /// <summary>Used part of the processors, 1 = all; 0 or more. Null (default): measured.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, infinite or none.</exception>
    double? CpuUtilization { get; set; }

    /// <summary>Used part of the memory, in 0 to 1. Null (default): measured.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    double? MemoryUtilization { get; set; }

    /// <summary>
    /// How busy the app is by its own measure, 1 = as much as it should bear; 0 or more. It goes before all other measures of utilization. Null
    /// (default): not told.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, infinite or none.</exception>
    double? ApplicationUtilization { get; set; }

    /// <summary>Requests per second, failed ones too; 0 or more. Null (default): counted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, infinite or none.</exception>
    double? RequestsPerSecond { get; set; }

    /// <summary>Failed requests per second (status 5xx, a gRPC status other than OK); 0 or more. Null (default): counted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, infinite or none.</exception>
    double? ErrorsPerSecond { get; set; }

    /// <summary>Tells a number of the app's own, such as the length of a queue; at most 100 of them.</summary>
    /// <param name="name">Without the prefix <c>named_metrics.</c> that settings put before it; 1 to 128 characters.</param>
    /// <param name="value">Null: no longer told.</param>
    /// <exception cref="ArgumentException">The name is empty or too long, the value is no number, or there are 100 others.</exception>
    void SetMetric(string name, double? value);
}
