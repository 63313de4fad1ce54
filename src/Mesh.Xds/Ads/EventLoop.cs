using System.Threading.Channels;

namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// Runs what is posted to it one at a time and in order, so that the state of the protocol needs no locks and watchers are
/// never called from two threads. After each batch it runs <c>afterBatch</c>, which sends what the batch made necessary.
/// </summary>
internal sealed class EventLoop
{
    // Keeps a busy poster from holding back the requests for ever.
    private const int LargestBatch = 1024;

    private readonly Channel<(Action Work, TaskCompletionSource? Done)> _queue =
        Channel.CreateUnbounded<(Action, TaskCompletionSource?)>(new() { SingleReader = true });

    private readonly Action _afterBatch;
    private readonly Action<Exception> _onFault;

    public EventLoop(Action afterBatch, Action<Exception> onFault)
    {
        _afterBatch = afterBatch;
        _onFault = onFault;
        Completion = Task.Run(RunAsync);
    }

    /// <summary>Ends after <see cref="Complete"/>, when all that was posted before has run.</summary>
    public Task Completion { get; }

    /// <summary>Runs <paramref name="work"/> soon; does nothing after <see cref="Complete"/>.</summary>
    public void Post(Action work) => _queue.Writer.TryWrite((work, null));

    /// <summary>As <see cref="Post"/>; the task completes when the work and <c>afterBatch</c> have run, and is cancelled after <see cref="Complete"/>.</summary>
    public Task InvokeAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_queue.Writer.TryWrite((work, done)))
        {
            done.SetCanceled();
        }

        return done.Task;
    }

    public void Complete() => _queue.Writer.TryComplete();

    private async Task RunAsync()
    {
        var waiting = new List<TaskCompletionSource>();
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            for (var i = 0; i < LargestBatch && _queue.Reader.TryRead(out var item); i++)
            {
                Guard(item.Work);
                if (item.Done is not null)
                {
                    waiting.Add(item.Done);
                }
            }

            Guard(_afterBatch);
            foreach (var done in waiting)
            {
                done.TrySetResult();
            }

            waiting.Clear();
        }
    }

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            _onFault(e);
        }
    }
}
