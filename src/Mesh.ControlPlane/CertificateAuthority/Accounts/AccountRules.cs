using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;

/// <summary>
/// Who may register as what: the bans and bindings of the data directory. It follows both files, and says when they have changed
/// so that those who are connected are judged again.
/// </summary>
internal sealed partial class AccountRules : IWorkloadAdmission, IDisposable
{
    private readonly DeniedAccounts _denied;
    private readonly WorkloadBindings _bindings;
    private readonly bool _everyoneBound;
    private readonly ILogger _logger;
    private readonly Lock _looking = new();
    private ITimer? _watch;
    private (object Denied, object Bindings) _seen;
    private string? _problem;

    /// <param name="directory">The data directory.</param>
    /// <param name="everyoneBound">Whether who is bound to nothing, or proves nothing, may register as nothing.</param>
    /// <param name="logger">For files that cannot be used.</param>
    /// <exception cref="CertificateAuthorityException">A file is damaged or unreadable.</exception>
    public AccountRules(DataDirectory directory, bool everyoneBound, ILogger<AccountRules> logger)
    {
        _denied = new DeniedAccounts(directory);
        _bindings = new WorkloadBindings(directory);
        _everyoneBound = everyoneBound;
        _logger = logger;
        _seen = (_denied.Current, _bindings.Current);
    }

    /// <summary>After a file has changed.</summary>
    public event Action? Changed;

    public DeniedAccounts Denied => _denied;

    /// <summary>Looks at the files from now on.</summary>
    public void Watch(TimeProvider time, TimeSpan interval) => _watch ??= time.CreateTimer(static self => ((AccountRules)self!).Look(), this, interval, interval);

    public void Dispose() => _watch?.Dispose();

    public string? ProblemOf(SpiffeId? identity, ClientNode node)
    {
        if (identity is null)
        {
            return _everyoneBound && !node.Ports.IsEmpty ? "a workload that proves no identity may not register" : null;
        }

        if (_denied.Contains(identity))
        {
            return $"{identity} is revoked";
        }

        return _bindings.Find(identity) is { } binding
            ? binding.ProblemOf(node.View.WorkloadName, node.View.Labels) is { } problem ? $"{identity} may not claim {problem}" : null
            : _everyoneBound && !node.Ports.IsEmpty ? $"{identity} is bound to no labels and no workload, so it may not register"
            : null;
    }

    internal void Look()
    {
        lock (_looking)
        {
            var now = ((object)_denied.Current, (object)_bindings.Current);
            var problem = _denied.Problem ?? _bindings.Problem;
            if (problem is not null && problem != _problem)
            {
                Log.NotUsed(_logger, problem);
            }

            _problem = problem;
            if (now == _seen)
            {
                return;
            }

            _seen = now;
        }

        Log.Changed(_logger, _denied.Current.Count, _bindings.Current.Count);
        Changed?.Invoke();
    }

    private static partial class Log
    {
        [LoggerMessage(4330, LogLevel.Information, "Rules for service accounts changed: {Denied} revoked, {Bound} bound to labels or workloads")]
        public static partial void Changed(ILogger logger, int denied, int bound);

        [LoggerMessage(4331, LogLevel.Error, "A changed file with rules for service accounts is not used, the last good one stays in force: {Reason}")]
        public static partial void NotUsed(ILogger logger, string reason);
    }
}
