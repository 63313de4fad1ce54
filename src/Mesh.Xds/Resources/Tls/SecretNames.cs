using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Tls;

/// <summary>Names of secrets, as Istio's agent reads them: <c>kubernetes://NAME</c>, <c>file-cert:CERTIFICATE~KEY</c>, <c>file-root:ROOTS</c>.</summary>
internal static class SecretNames
{
    private const string Kubernetes = "kubernetes://";
    private const string Files = "file-cert:";
    private const string RootsFile = "file-root:";
    private const int MaxFolder = 253;

    public static CredentialConfig? Certificate(string name, string field, DecodeContext context)
    {
        if (Folder(name) is { } folder)
        {
            return new CredentialConfig(folder, null, null);
        }

        if (name.StartsWith(Files, StringComparison.Ordinal) && name[Files.Length..].Split('~') is [{ Length: > 0 } certificate, { Length: > 0 } key])
        {
            return new CredentialConfig(null, certificate, key);
        }

        context.Error(field, $"{DecodeContext.Quote(name)} is neither {Kubernetes}NAME nor {Files}CERTIFICATE~KEY");
        return null;
    }

    public static CredentialConfig? Roots(string name, string field, DecodeContext context)
    {
        if (Folder(name) is { } folder)
        {
            return new CredentialConfig(folder, null, null);
        }

        if (name.StartsWith(RootsFile, StringComparison.Ordinal) && name.Length > RootsFile.Length)
        {
            return new CredentialConfig(null, name[RootsFile.Length..], null);
        }

        context.Error(field, $"{DecodeContext.Quote(name)} is neither {Kubernetes}NAME nor {RootsFile}ROOTS");
        return null;
    }

    /// <summary>It becomes a part of a path, and a Secret's name could not leave its directory: no slash, no leading dot.</summary>
    private static string? Folder(string name)
    {
        if (!name.StartsWith(Kubernetes, StringComparison.Ordinal) || name.Length - Kubernetes.Length is 0 or > MaxFolder)
        {
            return null;
        }

        var folder = name[Kubernetes.Length..];
        return folder.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.') && !folder.StartsWith('.') ? folder : null;
    }
}
