namespace Bookinfo.Launcher;

/// <summary>Something did not start; the message says what and why.</summary>
internal sealed class LaunchException(string message) : Exception(message);
