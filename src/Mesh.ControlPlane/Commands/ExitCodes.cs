namespace ProxylessMesh.ControlPlane.Commands;

/// <summary>What every command exits with (sysexits.h where it has a code).</summary>
internal static class ExitCodes
{
    public const int Good = 0;

    /// <summary>It was asked rightly and did not work.</summary>
    public const int Failed = 1;

    /// <summary>It was asked wrongly.</summary>
    public const int Usage = 64;

    /// <summary>A file holds what it must not.</summary>
    public const int BadData = 65;
}
