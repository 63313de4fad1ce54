using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ProxylessMesh.Benchmarks.Soak;

/// <summary>How often each event was logged, and when first; keeps no text, since a soak may log for hours.</summary>
internal sealed class EventCounts : ILoggerProvider, ILoggerFactory, ILogger
{
    private readonly ConcurrentDictionary<int, (int Count, DateTimeOffset First)> _counts = new();

    public int Of(int eventId) => _counts.TryGetValue(eventId, out var seen) ? seen.Count : 0;

    public DateTimeOffset? FirstOf(int eventId) => _counts.TryGetValue(eventId, out var seen) ? seen.First : null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _counts.AddOrUpdate(eventId.Id, _ => (1, TimeProvider.System.GetUtcNow()), static (_, seen) => (seen.Count + 1, seen.First));

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
