namespace ProxylessMesh.Xds.Jose;

/// <summary>Keys cannot be had; the message says why and can be shown to an operator.</summary>
internal sealed class KeySetException : Exception
{
    public KeySetException()
    {
    }

    public KeySetException(string message)
        : base(message)
    {
    }

    public KeySetException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
