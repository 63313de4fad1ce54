namespace ProxylessMesh.Client.Outcomes;

/// <summary>Content that knows the outcome of its call; the only object of ours that travels with a response.</summary>
internal interface IOutcomeCarrier
{
    MeshOutcome Outcome { get; }

    /// <summary>For what happened around the call that this content is the answer of.</summary>
    void AddFlags(ResponseFlags flags);
}
