using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.Tests;

/// <summary>Answers for endpoints without a network; a test says per address how.</summary>
internal sealed class StubUpstream
{
    private readonly Dictionary<string, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>> _answers = [];

    public List<string> Calls { get; } = [];

    public HashSet<string> DisposedHandlers { get; } = [];

    public void Answer(string address, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) => _answers[address] = answer;

    public void Status(string address, int status) =>
        Answer(address, (_, _) => Task.FromResult(new HttpResponseMessage((System.Net.HttpStatusCode)status) { Content = new StreamContent(new MemoryStream([1, 2, 3])) }));

    public void Fail(string address, Exception exception) => Answer(address, (_, _) => Task.FromException<HttpResponseMessage>(exception));

    public HttpMessageHandler Handler(ClusterState cluster, EndpointKey key) => new StubHandler(this, key.Address);

    private sealed class StubHandler(StubUpstream owner, string address) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (owner.Calls)
            {
                owner.Calls.Add(address);
            }

            return owner._answers[address](request, cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            owner.DisposedHandlers.Add(address);
            base.Dispose(disposing);
        }
    }
}
