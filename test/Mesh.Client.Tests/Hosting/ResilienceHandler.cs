namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Stands for the handler of the package, which is known by its full name.</summary>
internal sealed class ResilienceHandler : DelegatingHandler;
