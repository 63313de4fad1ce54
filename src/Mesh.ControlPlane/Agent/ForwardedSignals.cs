using System.Runtime.InteropServices;

namespace ProxylessMesh.ControlPlane.Agent;

/// <summary>
/// What the agent does with signals: those that end a program begin an orderly end, the others are the app's. Numbers are those of
/// signal(7) that every Unix shares.
/// </summary>
internal sealed class ForwardedSignals : IDisposable
{
    public const int Terminate = 15;

    private const int HangUp = 1;
    private const int Interrupt = 2;
    private const int Quit = 3;

    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _gate = new();
    private readonly HashSet<int> _early = [];
    private ChildProcess? _app;

    /// <param name="stop">For a signal that ends programs.</param>
    public ForwardedSignals(Action<int> stop)
    {
        // SIGUSR1 and SIGUSR2 have different numbers on Linux and macOS.
        int[] user = OperatingSystem.IsLinux() ? [10, 12] : [30, 31];
        _registrations =
        [
            Register(PosixSignal.SIGTERM, Terminate, stop),
            Register(PosixSignal.SIGINT, Interrupt, stop),
            Register(PosixSignal.SIGQUIT, Quit, stop),
            Register(PosixSignal.SIGHUP, HangUp, Forward),
            .. user.Select(number => Register((PosixSignal)number, number, Forward)),
        ];
    }

    /// <summary>From now on the app gets its signals; those that came while it was being started, too.</summary>
    public void ForwardTo(ChildProcess app)
    {
        lock (_gate)
        {
            _app = app;
            foreach (var number in _early)
            {
                app.Signal(number);
            }
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Forward(int number)
    {
        lock (_gate)
        {
            if (_app is null)
            {
                _early.Add(number);
            }
            else
            {
                _app.Signal(number);
            }
        }
    }

    private static PosixSignalRegistration Register(PosixSignal signal, int number, Action<int> then) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            then(number);
        });
}
