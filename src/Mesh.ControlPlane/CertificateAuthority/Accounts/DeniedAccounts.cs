using System.Collections.Frozen;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;

/// <summary>
/// Service accounts that the mesh has done with, one on each line of <c>denied-accounts</c>: no token and no certificate of theirs
/// proves anything to the control plane. The file is looked at for each proof, so a ban is in force at once.
/// </summary>
internal sealed class DeniedAccounts(DataDirectory directory)
{
    public const string FileName = "denied-accounts";

    private readonly FollowedFile<FrozenSet<string>> _file = new(directory, FileName, Parse);

    /// <summary>In the newest file that could be read.</summary>
    public FrozenSet<string> Current => _file.Current;

    /// <summary>Why the newest file is not in force, or null.</summary>
    public string? Problem => _file.Problem;

    public bool Contains(SpiffeId id) => _file.Current is { Count: > 0 } denied && AccountName.Of(id) is { } name && denied.Contains(name);

    /// <summary>Adds an account; harmless when it is there.</summary>
    /// <exception cref="CertificateAuthorityException">The file is damaged or cannot be written.</exception>
    public void Add(string account)
    {
        try
        {
            directory.WriteSecret(FileName, string.Join('\n', Current.Append(AccountName.Check(account)).Distinct().Order(StringComparer.Ordinal)) + "\n");
        }
        catch (FormatException e)
        {
            throw new CertificateAuthorityException(e.Message, e);
        }
    }

    private static FrozenSet<string> Parse(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(AccountName.Check).ToFrozenSet(StringComparer.Ordinal);
}
